//! The payment network of the demonstration: a real `serve` with a journal of its own, its members and their money, and
//! the link's process. What is checked is asked of the network's own API.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use members::{Credentials, Line, Network, Operator, Server};
use receivables::Hash;
use receivables::codec::hex;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use wire::body::Body;
use wire::body::certificate::CertificatePayAnswer;
use wire::body::outcome::Verdict;
use wire::signature::Scheme;
use wire::{ClientId, KeyVersion, PrivateKey};

use crate::cast::{ACQUIRER, BUYER, HARBOUR, RIVERSIDE, settler_seed};
use crate::link::{KEY, LINK, TOKEN};
use crate::stage::{NODES, Stage, free_ports, logged};

/// The chain's members that take part in the network: number, client id, role, name.
const MEMBERS: [(u32, &str, &str, &str); 4] = [
    (HARBOUR, "HARBOUR", "WALLET", "Harbour Bank"),
    (RIVERSIDE, "RIVERSIDE", "WALLET", "Riverside Bank"),
    (BUYER, "ORIENT", "WALLET", "Orient, the buyer's bank"),
    (ACQUIRER, "BUND-ACQ", "ACQUIRER", "Bund Acquiring"),
];
/// The acquirer's reference for its merchant.
pub(super) const MERCHANT: &str = "M-SHANGHAI-1";
/// What each bank pays in, in minor units: 200,000.00.
const DEPOSIT: u64 = 20_000_000;
/// Agreements begin a moment after they are recorded.
const AGREEMENTS_HOLD_AFTER: Duration = Duration::from_millis(400);
/// How long money may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(25);
/// How long an acquirer waits for an answer.
const WRITE_MS: u32 = 8_000;

/// The network, its link, and what is believed of its books.
pub(super) struct Money {
    home: PathBuf,
    link: PathBuf,
    base_url: String,
    operator: Operator,
    lines: BTreeMap<u32, Line>,
    server: Option<Server>,
    linking: Option<Child>,
    /// What each member must be owed (positive) or owe beside its deposit, in minor units.
    books: BTreeMap<u32, i64>,
}

impl Money {
    /// Makes the network, registers its members, pays their deposits in and starts the link.
    pub(super) async fn open(stage: &Stage, seed: u64) -> anyhow::Result<Money> {
        let (home, link) = (stage.directory.join("network"), stage.directory.join("link"));
        command(&["init".as_ref(), home.as_os_str()]).await.context("making the network")?;
        let port = free_ports(1)?[0].port();
        let base_url = format!("http://127.0.0.1:{port}");
        fs::write(home.join("demo.toml"), settings(port, &stage.chain)).context("writing its settings")?;
        let token = fs::read_to_string(home.join("operator.token")).context("the operator's token")?;
        let network = Network::of_directory(&base_url, &home)?;
        let credentials = all_credentials()?;
        let line = |(member, own): (&u32, &Credentials)| (*member, Line::new(own, &network, Scheme::Rfc9421));
        let mut money = Money {
            operator: Operator::new(&base_url, token.trim()),
            lines: credentials.iter().map(line).collect(),
            home,
            link,
            base_url,
            server: None,
            linking: None,
            books: MEMBERS.iter().map(|(member, ..)| (*member, 0)).collect(),
        };
        money.start_network().await?;
        money.register(&credentials).await?;
        money.furnish_link(stage, seed, &token)?;
        money.start_link()?;
        Ok(money)
    }

    async fn register(&mut self, credentials: &BTreeMap<u32, Credentials>) -> anyhow::Result<()> {
        for (number, (chain_member, client_id, role, name)) in MEMBERS.iter().enumerate() {
            let mut member = json!({ "clientId": client_id, "role": role, "name": name, "country": "CN" });
            if *role == "WALLET" {
                member["codePrefix"] = json!(format!("28{:04}", 8_001 + number));
            }
            self.operator.change("members", &member).await?;
            let limit = json!({ "currency": "CNY", "paymentMin": "1", "paymentMax": "1000000000" });
            let mut terms = json!({ "limits": [limit], "settlementCurrency": "CNY" });
            terms["networkFeePercent"] = json!("0.05");
            if *role == "ACQUIRER" {
                terms["interchangePercent"] = json!("0.60");
            }
            self.operator.change(&format!("members/{client_id}/agreements"), &terms).await?;
            let pem = credentials.get(chain_member).context("its keys")?.ed25519.public().to_pem();
            let public_key: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
            let key = json!({ "version": "1", "publicKey": public_key });
            self.operator.change(&format!("members/{client_id}/keys"), &key).await?;
        }
        let merchant = json!({
            "referenceMerchantId": MERCHANT, "merchantName": "Lotus Noodle House", "merchantMCC": "5812",
            "country": "CN", "city": "SHANGHAI",
        });
        self.operator.change("members/BUND-ACQ/merchants", &merchant).await?;
        tokio::time::sleep(AGREEMENTS_HOLD_AFTER).await;
        for (_, client_id, role, _) in MEMBERS {
            if role == "WALLET" {
                let funding = json!({
                    "fundingRequestId": format!("deposit-{client_id}"),
                    "direction": "IN",
                    "amount": cny(DEPOSIT),
                });
                self.operator.change(&format!("members/{client_id}/funding"), &funding).await?;
            }
        }
        Ok(())
    }

    fn furnish_link(&self, stage: &Stage, seed: u64, token: &str) -> anyhow::Result<()> {
        fs::create_dir_all(&self.link).context("making the link's directory")?;
        let nodes: Vec<String> =
            (0..NODES).rev().map(|node| format!("\"http://{}\"", stage.address(node))).collect();
        let told = format!(
            "chain = \"{}\"\nnodes = [{}]\nnetwork = \"{}\"\n",
            hex(&stage.chain),
            nodes.join(", "),
            self.base_url
        );
        fs::write(self.link.join(LINK), told).context("writing the link's settings")?;
        let seed = hex(&settler_seed(seed));
        crate::files::write_secret(&self.link.join(KEY), seed.as_bytes())?;
        crate::files::write_secret(&self.link.join(TOKEN), token.as_bytes())?;
        Ok(())
    }

    /// Starts the network's process and waits until it answers.
    pub(super) async fn start_network(&mut self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let program = std::env::current_exe().context("finding this program")?;
        let (config, log) = (self.home.join("demo.toml"), self.home.join("network.log"));
        let server = Server::start(&program, &config, &self.base_url, &log).await;
        self.server = Some(server.context("starting the network")?);
        Ok(begun.elapsed())
    }

    /// Kills the network's process where it stands.
    pub(super) async fn kill_network(&mut self) -> anyhow::Result<()> {
        let server = self.server.as_mut().context("the network runs")?;
        server.kill().await.context("killing the network")
    }

    /// Starts the link's process. Its output goes to `link.log`.
    pub(super) fn start_link(&mut self) -> anyhow::Result<()> {
        let child = Command::from(logged("link", &self.link, "link.log")?).kill_on_drop(true).spawn();
        self.linking = Some(child.context("starting the link")?);
        Ok(())
    }

    /// Kills the link's process where it stands.
    pub(super) async fn kill_link(&mut self) -> anyhow::Result<()> {
        let linking = self.linking.as_mut().context("the link runs")?;
        linking.kill().await.context("killing the link")
    }

    /// What the link says to `--check`.
    pub(super) async fn check_link(&self) -> anyhow::Result<String> {
        let arguments = ["chain", "link", "--check", "--data"].map(AsRef::as_ref);
        command(&[&arguments[..], &[self.link.as_os_str()]].concat()).await
    }

    /// Notes what must have moved by now.
    pub(super) fn moved(&mut self, from: u32, to: u32, minor: u64) {
        let minor = i64::try_from(minor).unwrap_or(i64::MAX);
        *self.books.entry(from).or_default() -= minor;
        *self.books.entry(to).or_default() += minor;
    }

    /// Waits until the network's books are as they must be and nothing is held; how long that took, or what is wrong.
    pub(super) async fn settled(&self) -> anyhow::Result<Result<Duration, String>> {
        let begun = Instant::now();
        loop {
            let (seen, open) = (self.positions().await?, self.deliveries().await?);
            let right = |(member, minor): (&u32, &i64)| seen.get(member) == Some(&(*minor, 0));
            if self.books.iter().all(right) && open.is_empty() {
                return Ok(Ok(begun.elapsed()));
            }
            if begun.elapsed() > PATIENCE {
                return Ok(Err(format!("{seen:?} instead of {:?}; open: {open:?}", self.books)));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What a member is owed or owes beside its deposit, by the network's word, in minor units.
    pub(super) async fn balance(&self, member: u32) -> anyhow::Result<i64> {
        Ok(self.positions().await?.get(&member).context("a position")?.0)
    }

    /// By member of the chain: its position, and what is held of its money, in minor units.
    async fn positions(&self) -> anyhow::Result<BTreeMap<u32, (i64, i64)>> {
        let answer = self.operator.look("positions").await?;
        let all = answer["positions"].as_array().context("positions")?;
        let number = |value: &Value| value.as_str().and_then(|text| text.parse().ok());
        let of = |client_id: &str| {
            let own = |one: &&Value| one["clientId"] == client_id && one["balance"]["currency"] == "CNY";
            let Some(one) = all.iter().find(own) else { return Some((0, 0)) };
            Some((number(&one["balance"]["value"])?, number(&one["reserved"])?))
        };
        Ok(MEMBERS.iter().filter_map(|(member, client_id, ..)| Some((*member, of(client_id)?))).collect())
    }

    /// What the network lists as open.
    pub(super) async fn deliveries(&self) -> anyhow::Result<Vec<Value>> {
        let answer = self.operator.look("deliveries").await?;
        ensure!(answer["result"]["resultStatus"] == "S", "deliveries: {answer}");
        Ok(answer["deliveries"].as_array().cloned().unwrap_or_default())
    }

    /// Waits until a delivery of this kind holds its money, and returns it; nothing if that took too long, or was over
    /// sooner than could be seen.
    pub(super) async fn held(&self, kind: &str) -> anyhow::Result<Option<Value>> {
        let begun = Instant::now();
        let mut seen = false;
        while begun.elapsed() < PATIENCE {
            let open = self.deliveries().await?;
            let held = |one: &&Value| one["kind"] == kind && one["stage"] == "RESERVED";
            if let Some(found) = open.iter().find(held) {
                return Ok(Some(found.clone()));
            }
            seen |= !open.is_empty();
            let right = self.positions().await?;
            if seen && open.is_empty() || self.books.iter().any(|(member, minor)| right[member].0 != *minor) {
                return Ok(None);
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(None)
    }

    /// The buyer's bank pays a certificate.
    pub(super) async fn pay(&self, certificate: &Hash, minor: u64, until: Value) -> anyhow::Result<()> {
        let payment = json!({
            "requestId": "payment-run-2026-11",
            "certificate": hex(certificate),
            "payer": "BUYER",
            "principal": cny(minor),
            "until": until,
        });
        let answer: CertificatePayAnswer = self.ask(BUYER, "certificates/pay", &payment).await?;
        ensure!(
            answer.result.verdict() == Verdict::Done,
            "the payment of a certificate: {}",
            answer.result.code
        );
        Ok(())
    }

    /// The operator's API.
    pub(super) fn operator(&self) -> &Operator {
        &self.operator
    }

    /// A member asks the network, signed, at a path of the members' API.
    pub(super) async fn ask<A: Body>(&self, member: u32, path: &str, request: &Value) -> anyhow::Result<A> {
        let line = self.lines.get(&member).context("a member with a line")?;
        line.ask(path, None, WRITE_MS, request).await.with_context(|| format!("{path} by member {member}"))
    }

    /// Stops link and network, replays the journal, and starts both again: what the journal says of every member.
    pub(super) async fn replayed(&mut self) -> anyhow::Result<Result<u64, String>> {
        self.kill_link().await?;
        self.server.as_mut().context("the network runs")?.stop().await.context("stopping the network")?;
        let journal = self.home.join("journal");
        let said = command(&["replay".as_ref(), "--json".as_ref(), journal.as_os_str()]).await?;
        let report: Value = serde_json::from_str(&said).context("what replay says")?;
        self.start_network().await?;
        self.start_link()?;
        let of = |client_id: &str, field: &str| {
            let positions = report["positions"].as_array()?;
            let one = positions.iter().find(|one| one["member"] == client_id && one["currency"] == "CNY")?;
            one[field].as_str()?.parse::<i64>().ok()
        };
        for (member, client_id, ..) in MEMBERS {
            let seen = (of(client_id, "netMinor"), of(client_id, "reservedMinor"));
            if seen != (self.books.get(&member).copied(), Some(0)) {
                return Ok(Err(format!("{client_id}: {seen:?}")));
            }
        }
        Ok(report["records"].as_u64().ok_or_else(|| format!("{report}")))
    }

    /// Where the network is.
    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The last lines that the link logged.
    pub(super) fn link_said(&self) -> String {
        let said = fs::read_to_string(self.link.join("link.log")).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        lines[lines.len().saturating_sub(8)..].join("\n    ")
    }
}

/// An amount of the programme's currency, as the wire has it.
pub(super) fn cny(minor: u64) -> Value {
    json!({ "currency": "CNY", "value": minor.to_string() })
}

fn settings(port: u16, chain: &Hash) -> String {
    let members: String =
        MEMBERS.iter().map(|(member, client_id, ..)| format!("{member} = \"{client_id}\"\n")).collect();
    format!(
        "# Written by `sojourn chain demo`; see sojourn.toml for what each setting means.\n\
         [network]\nclient_id = \"SOJOURN\"\n\
         [[network.keys]]\nversion = 1\nfile = \"keys/network-rsa.pem\"\n\
         [[network.keys]]\nversion = 1\nfile = \"keys/network-ed25519.pem\"\n\
         [listen]\nhttp = \"127.0.0.1:{port}\"\nstatus_page = true\n\
         [journal]\ndirectory = \"journal\"\nsegment_mib = 4\n\
         [operator]\ntoken_file = \"operator.token\"\n\
         [chain]\nid = \"{}\"\n[chain.members]\n{members}[log]\nfilter = \"info\"\n",
        hex(chain)
    )
}

/// Keys of every member. One RSA key for all, since making one takes its time and nobody here signs with it.
fn all_credentials() -> anyhow::Result<BTreeMap<u32, Credentials>> {
    let seed = || {
        let mut seed = [0; 32];
        SystemRandom::new().fill(&mut seed).ok().context("the system gives no randomness")?;
        anyhow::Ok(seed)
    };
    let rsa = PrivateKey::generate_rsa(seed()?);
    let made = MEMBERS.iter().map(|(member, client_id, ..)| {
        let credentials = Credentials {
            client_id: ClientId::parse(client_id).context("a client id")?,
            key_version: KeyVersion::parse("1").context("a key version")?,
            rsa: rsa.clone(),
            ed25519: PrivateKey::generate_ed25519(seed()?),
        };
        Ok((*member, credentials))
    });
    made.collect()
}

/// Runs another command of this program; its output if it succeeds, else as an error.
async fn command(arguments: &[&std::ffi::OsStr]) -> anyhow::Result<String> {
    let program = std::env::current_exe().context("finding this program")?;
    let output = Command::new(program).args(arguments).output().await.context("running this program")?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = [&output.stdout[..], &output.stderr].concat();
    let arguments: Vec<_> =
        arguments.iter().map(|argument| Path::new(argument).display().to_string()).collect();
    bail!("{}: {}", arguments.join(" "), String::from_utf8_lossy(&said).trim())
}
