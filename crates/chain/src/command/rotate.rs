//! `chain rotate`, `chain sign`, `chain send`: governance by files. Validators are proposed by one member, signed by
//! others, and sent to any node within the ten minutes that a transaction lives.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use receivables::codec::{Codec as _, hex, unhex};
use receivables::envelope::LIFETIME_MS_MAX;
use receivables::identity::Validator;
use receivables::proof::Proof;
use receivables::state::{Key, NonceRecord};
use receivables::transaction::{SetValidators, Transaction};
use receivables::{Hash, Signed};
use ring::signature::Ed25519KeyPair;

use super::setup::MEMBER_KEY;
use crate::client::{Client, Fate};
use crate::files::{Home, NEXT_KEY, make_seed, public_key, read_seed};
use crate::node::now_ms;

/// Epochs ahead of which validators are named.
const AHEAD: u64 = 2;

/// Proposes a new validator key for this node, and writes what the other members have to sign.
///
/// The new secret key stays in the directory beside the old one. When the epoch begins in which governance has named it,
/// the running node takes it up by itself; the old key counts for nothing from then on. A node that follows becomes a
/// validator in the same way.
#[derive(clap::Args)]
pub(super) struct Rotate {
    /// The node's directory
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// A node's address for clients
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7100")]
    node: String,
    /// The member that runs this node
    #[arg(long, value_name = "NUMBER")]
    member: u32,
    /// Where other nodes reach this one
    #[arg(long, value_name = "ADDRESS")]
    nodes: SocketAddr,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Rotate {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let home = Home::open(&self.data)?;
        let client = Client::new(&self.node);
        let epoch = client.status("epoch").await?.parse::<u64>()? + AHEAD;
        let next = home.directory.join(NEXT_KEY);
        let seed = if next.exists() { read_seed(&next)? } else { make_seed(&next)? };
        let mut validators = validators_of(&client.text(&format!("/validators?epoch={epoch}")).await?)?;
        validators.retain(|validator| validator.member != self.member);
        let address = self.nodes.to_string();
        validators.push(Validator { member: self.member, key: public_key(&seed), address });
        validators.sort_unstable_by_key(|validator| validator.member);
        let wish = Transaction::SetValidators(SetValidators { epoch, validators });
        let key = public_key(&read_seed(&home.directory.join(MEMBER_KEY))?);
        let signed = Signed {
            transaction: wish,
            sender: key,
            nonce: next_nonce(&client, key).await?,
            expires_ms: now_ms() + LIFETIME_MS_MAX / 10 * 9,
            vouches: Vec::new(),
            signatures: Vec::new(),
        };
        sign(&home, signed, &self.out)?;
        println!(
            "the key is taken up in epoch {epoch}, if two thirds of the members sign this within nine minutes"
        );
        Ok(())
    }
}

/// Shows what a file asks of the chain, and adds this member's signature to it.
#[derive(clap::Args)]
pub(super) struct Sign {
    /// The node's directory
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The file, which is written again
    file: PathBuf,
}

impl Sign {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let signed = read(&self.file)?;
        println!("{}", signed.transaction.json());
        sign(&Home::open(&self.data)?, signed, &self.file)
    }
}

/// Sends a signed file to a node and waits for what becomes of it.
#[derive(clap::Args)]
pub(super) struct Send {
    /// The node's address for clients
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7100")]
    node: String,
    /// The file
    file: PathBuf,
}

impl Send {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let signed = read(&self.file)?;
        let client = Client::new(&self.node);
        let chain: Hash = client
            .status("chain")
            .await
            .map(|id| unhex(&id).and_then(|id| id.try_into().ok()))?
            .context("a chain's id")?;
        match client.settle(&(signed.id(&chain), signed.encode())).await? {
            Fate::Applied(height, ..) => println!("final at height {height}"),
            Fate::TurnedAway(why) => bail!("not taken in: {why}"),
            Fate::Refused(height, why) => bail!("final at height {height} without effect: {why}"),
        }
        Ok(())
    }
}

fn sign(home: &Home, mut signed: Signed, file: &Path) -> anyhow::Result<()> {
    let seed = read_seed(&home.directory.join(MEMBER_KEY))?;
    let key = public_key(&seed);
    ensure!(
        signed.signatures.iter().all(|signature| signature.key != key),
        "{} bears this member's signature already",
        file.display()
    );
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed");
    let mut signature = [0; 64];
    signature.copy_from_slice(pair.sign(&signed.signing_bytes(&home.genesis.chain())).as_ref());
    signed.sign(key, signature);
    let text = hex(&signed.encode()) + "\n";
    fs::write(file, text).with_context(|| format!("writing {}", file.display()))?;
    println!("{} bears {} signatures", file.display(), signed.signatures.len());
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Signed> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let bytes = unhex(text.trim()).with_context(|| format!("{} is not hexadecimal", file.display()))?;
    Signed::parse(&bytes).map_err(|malformed| anyhow::anyhow!("{}: {malformed}", file.display()))
}

/// The next nonce of a key, by the state at the node's last checkpoint. A reuse is refused, never executed twice.
async fn next_nonce(client: &Client, key: [u8; 32]) -> anyhow::Result<u64> {
    let proof = client.text(&format!("/state/{}", hex(&Key::Nonce(key).encode()))).await?;
    let proof = Proof::parse(&proof).map_err(|flaw| anyhow::anyhow!("the node's answer: {flaw}"))?;
    let Some(bytes) = proof.state.and_then(|state| state.value) else { return Ok(1) };
    let record = NonceRecord::decode(&bytes).map_err(|malformed| anyhow::anyhow!("a record: {malformed}"))?;
    Ok(record.highest + 1)
}

fn validators_of(text: &str) -> anyhow::Result<Vec<Validator>> {
    let read = |line: &str| {
        let mut words = line.split(' ');
        let member = words.next()?.parse().ok()?;
        let key = unhex(words.next()?)?.try_into().ok()?;
        Some(Validator { member, key, address: words.next()?.to_owned() })
    };
    text.lines().map(|line| read(line).with_context(|| format!("`{line}` is no validator"))).collect()
}
