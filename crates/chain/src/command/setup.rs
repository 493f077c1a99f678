//! `chain init`, `chain genesis`, `chain join`: from keys to an agreed genesis, by files that people can compare.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use receivables::Genesis;
use receivables::codec::{Codec as _, hex, unhex};
use receivables::hash::sha256;
use receivables::identity::{KeyGrant, Purposes, Role, Roles, Validator};
use receivables::state::State;
use receivables::transaction::{MemberStatus, RegisterMember};
use serde::{Deserialize, Serialize};

use crate::files::{
    Config, FINGERPRINT_QUERIES_PER_MINUTE, GENESIS, NODE_KEY, make_seed, public_key, read_genesis,
    write_config, write_genesis,
};
use crate::node::now_ms;

/// The secret seed of a member's transactions.
pub(super) const MEMBER_KEY: &str = "member.key";
/// What a coordinator needs of a member.
const REQUEST: &str = "request.toml";

/// Makes a directory with a node key, a member key and a request to take part.
///
/// Secret keys are written with permissions for their owner alone. The request holds public keys and the address at
/// which other nodes will reach this one.
#[derive(clap::Args)]
pub(super) struct Init {
    /// Directory to make
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The member's number, agreed among the members
    #[arg(long, value_name = "NUMBER")]
    member: u32,
    /// Roles: sponsor, funder, guarantor, settler, registrar, authority, validator, observer
    #[arg(long = "role", value_name = "ROLE", default_values = ["validator"])]
    roles: Vec<String>,
    /// Where other nodes reach this one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7000")]
    nodes: SocketAddr,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    member: u32,
    roles: Vec<String>,
    key: String,
    node: String,
    address: SocketAddr,
}

impl Init {
    pub(super) fn run(self) -> anyhow::Result<()> {
        for role in &self.roles {
            role_of(role)?;
        }
        fs::create_dir_all(&self.data).with_context(|| format!("making {}", self.data.display()))?;
        let node = make_seed(&self.data.join(NODE_KEY))?;
        let member = make_seed(&self.data.join(MEMBER_KEY))?;
        let roles: Vec<String> = self.roles.iter().map(|role| format!("\"{role}\"")).collect();
        let text = format!(
            "member = {}\nroles = [{}]\nkey = \"{}\"\nnode = \"{}\"\naddress = \"{}\"\n",
            self.member,
            roles.join(", "),
            hex(&public_key(&member)),
            hex(&public_key(&node)),
            self.nodes
        );
        let request = self.data.join(REQUEST);
        fs::write(&request, &text).context("writing the request")?;
        print!("{text}");
        println!("\nhand {} to the coordinator; keep {NODE_KEY} and {MEMBER_KEY} here", request.display());
        Ok(())
    }
}

/// Merges requests into a genesis. At least four members must run validators.
#[derive(clap::Args)]
pub(super) struct Merge {
    /// A name for people
    #[arg(long, default_value = "receivables")]
    name: String,
    /// Blocks of an epoch: validators change only at its end
    #[arg(long, value_name = "BLOCKS", default_value_t = 100_000)]
    epoch_blocks: u64,
    /// File to write
    #[arg(long, value_name = "FILE", default_value = GENESIS)]
    out: PathBuf,
    /// The members' request files
    #[arg(required = true, value_name = "REQUEST")]
    requests: Vec<PathBuf>,
}

impl Merge {
    pub(super) fn run(self) -> anyhow::Result<()> {
        ensure!(self.epoch_blocks >= 16, "an epoch has at least 16 blocks");
        let mut members = Vec::new();
        let mut validators = Vec::new();
        for file in &self.requests {
            let request = read_request(file)?;
            let roles: anyhow::Result<Vec<Role>> = request.roles.iter().map(|role| role_of(role)).collect();
            let roles = roles?;
            if roles.contains(&Role::Validator) {
                let key = key_of(&request.node)?;
                validators.push(Validator {
                    member: request.member,
                    key,
                    address: request.address.to_string(),
                });
            }
            members.push(RegisterMember {
                member: request.member,
                roles: Roles::of(&roles),
                status: MemberStatus::Active,
                attestation: sha256(&[b"founding member", &request.member.to_be_bytes()]),
                two_keys_from: None,
                keys: vec![KeyGrant {
                    key: key_of(&request.key)?,
                    purposes: Purposes::all(),
                    from_height: 0,
                    until_height: None,
                }],
            });
        }
        let genesis = Genesis {
            name: self.name,
            time_ms: now_ms(),
            epoch_blocks: self.epoch_blocks,
            recovery_blocks: self.epoch_blocks,
            members,
            validators,
        };
        if let Err(refusal) = State::genesis(&genesis) {
            bail!("no chain can begin so: {}", refusal.text());
        }
        write_genesis(&self.out, &genesis)?;
        println!("{}", genesis.json());
        println!("chain {}", hex(&genesis.chain()));
        println!("compare this id with every member by another way before `chain join`");
        Ok(())
    }
}

/// Agrees to a genesis: copies it into the node's directory and writes the configuration.
///
/// The id must be known from another way than the file. Refuses a genesis with another id.
#[derive(clap::Args)]
pub(super) struct Join {
    /// The node's directory, made by `init`
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The genesis
    #[arg(long, value_name = "FILE", default_value = GENESIS)]
    genesis: PathBuf,
    /// The chain's id
    #[arg(long, value_name = "ID")]
    chain: String,
    /// Where this node listens for other nodes
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7000")]
    nodes: SocketAddr,
    /// Where this node listens for its own clients
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7100")]
    clients: SocketAddr,
}

impl Join {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let genesis = read_genesis(&self.genesis)?;
        let chain = hex(&genesis.chain());
        ensure!(
            chain == self.chain,
            "this genesis is of chain {chain}, not of {}: nothing was written",
            self.chain
        );
        let key = public_key(&crate::files::read_seed(&self.data.join(NODE_KEY))?);
        write_genesis(&self.data.join(GENESIS), &genesis)?;
        let (nodes, clients) = (self.nodes, self.clients);
        let config = Config {
            chain,
            nodes,
            clients,
            explorer: true,
            fingerprint_queries_per_minute: FINGERPRINT_QUERIES_PER_MINUTE,
            followers: Vec::new(),
        };
        write_config(&self.data, &config)?;
        if genesis.validators.iter().any(|validator| validator.key == key) {
            println!("this node is a validator: `chain run --data {}`", self.data.display());
        } else {
            println!(
                "this node follows without a vote. Each validator must let it in with these lines in chain.toml:"
            );
            println!("\n[[followers]]\nkey = \"{}\"\naddress = \"{nodes}\"", hex(&key));
        }
        Ok(())
    }
}

fn read_request(file: &Path) -> anyhow::Result<Request> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    toml::from_str(&text).with_context(|| format!("reading {}", file.display()))
}

fn key_of(text: &str) -> anyhow::Result<[u8; 32]> {
    let key = unhex(text).and_then(|bytes| bytes.try_into().ok());
    key.with_context(|| format!("`{text}` is not a key of 64 digits"))
}

fn role_of(name: &str) -> anyhow::Result<Role> {
    let role = Role::ALL.iter().find(|role| role.name().eq_ignore_ascii_case(name));
    role.copied().with_context(|| format!("no role is called `{name}`"))
}
