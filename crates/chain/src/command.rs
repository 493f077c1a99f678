//! `sojourn chain …`: one file a command. The binary only hands over.

mod demo;
mod link;
mod load;
mod prove;
mod rotate;
mod setup;
mod simulate;
mod snapshot;

use std::path::PathBuf;

use crate::{files, node};

/// The chain of receivables: certificates that cannot be financed twice, ordered by the members' validators.
///
/// To begin a chain: every member runs `init` and hands its request file to a coordinator, who merges them with
/// `genesis` and tells everybody the chain's id. Each member compares that id with the others by another way, runs
/// `join` with it, and then `run`. A node never starts on a genesis with another id.
#[derive(clap::Args)]
pub struct Chain {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make a node's directory: its keys, and the request that a coordinator needs
    Init(setup::Init),
    /// Merge the members' requests into a genesis and print the chain's id
    Genesis(setup::Merge),
    /// Agree to a genesis by the chain's id; without a validator in it the node follows
    Join(setup::Join),
    /// Run a node: vote if it is a validator, follow if not
    Run(Run),
    /// Take a snapshot of a running node
    Snapshot(snapshot::Take),
    /// Let a node begin with a snapshot, as a follower
    Restore(snapshot::Restore),
    /// Propose a new validator key for a node
    Rotate(rotate::Rotate),
    /// Add a member's signature to a file
    Sign(rotate::Sign),
    /// Send a signed file
    Send(rotate::Send),
    /// Fetch a proof that an event is final, or that a record stands or does not
    Prove(prove::Prove),
    /// Check a proof offline with the chain's id alone
    Verify(prove::Verify),
    /// Link the chain to a payment network: money moves on proofs of what is final
    Link(link::Link),
    /// Measure finality with four validators on this machine, one of them killed on the way
    Load(load::Load),
    /// Play four validators and the life of a certificate on this machine
    Demo(demo::Demo),
    /// Tell stories of crashes, losses, partitions and liars on a virtual clock, and check each
    Simulate(simulate::Simulate),
}

/// Runs the node of a directory until Ctrl-C. Listens where `chain.toml` says, on this machine alone by default.
#[derive(clap::Args)]
struct Run {
    /// The node's directory
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

impl Chain {
    /// Runs the chosen command to its end.
    pub fn run(self) -> anyhow::Result<()> {
        if matches!(self.command, Command::Run(_) | Command::Link(_) | Command::Load(_) | Command::Demo(_)) {
            // Others depend on it, or it has nodes to end.
            outlet::outlive_reader();
        }
        match self.command {
            Command::Init(init) => init.run(),
            Command::Genesis(merge) => merge.run(),
            Command::Join(join) => join.run(),
            Command::Run(run) => node::run(&files::Home::open(&run.data)?),
            Command::Snapshot(take) => within(take.run()),
            Command::Restore(restore) => restore.run(),
            Command::Rotate(rotate) => within(rotate.run()),
            Command::Sign(sign) => sign.run(),
            Command::Send(send) => within(send.run()),
            Command::Prove(prove) => within(prove.run()),
            Command::Verify(verify) => verify.run(),
            Command::Link(link) => within(link.run()),
            Command::Load(load) => within(load.run()),
            Command::Demo(demo) => within(demo.run()),
            Command::Simulate(simulate) => simulate.run(),
        }
    }
}

fn within(task: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(task);
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    outcome
}
