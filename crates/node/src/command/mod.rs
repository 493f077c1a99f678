//! The commands of `sojourn`, one file each. Each parses its own arguments and runs; none knows another.

mod advise;
mod demo;
mod init;
mod load;
mod qr;
mod replay;
mod risk;
pub(crate) mod serve;
mod simulate;
mod stop;

use clap::{Parser, Subcommand};

/// An open payment network: your own wallet pays at any member merchant abroad.
#[derive(Parser)]
#[command(name = "sojourn", version, max_term_width = 100)]
pub(crate) struct Sojourn {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What `sojourn` can be asked to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run a whole network on this machine and play payments of every kind
    Demo(demo::Demo),
    /// Make a directory for a new network: configuration, keys, certificate, operator token
    Init(init::Init),
    /// Run a network from its configuration
    Serve(serve::Serve),
    /// Payment codes: explain, make and draw, read from pictures
    Qr(qr::Qr),
    /// Measure payments per second, latency and processor time, against a relay that decides nothing
    Load(load::Load),
    /// Serve the wallets of a load
    #[command(hide = true)]
    LoadWallets(load::Wallets),
    /// Serve the relay of a load
    #[command(hide = true)]
    Relay(load::Relay),
    /// Play the network and its members from seeds, with faults and crashes, and check everything
    Simulate(simulate::Simulate),
    /// Replay a journal: verify it, print counts, positions and the state hash
    Replay(replay::Replay),
    /// Digital risk control: train, evaluate, back-test, score, explain, screen
    Risk(risk::Risk),
    /// Advise on investments: build, test, project, propose, explain, replay
    Advise(advise::Advise),
    /// Receivables on the members' chain: run, prove, verify, demonstrate, measure
    #[cfg(feature = "chain")]
    Chain(chain::command::Chain),
}

impl Command {
    /// Runs the chosen command to its end.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        if self.outlives_its_reader() {
            outlet::outlive_reader();
        }
        match self {
            Self::Demo(demo) => demo.run(),
            Self::Init(init) => init.run(),
            Self::Serve(serve) => serve.run(),
            Self::Qr(qr) => qr.run(),
            Self::Load(load) => load.run(),
            Self::LoadWallets(wallets) => wallets.run(),
            Self::Relay(relay) => relay.run(),
            Self::Simulate(simulate) => simulate.run(),
            Self::Replay(replay) => replay.run(),
            Self::Risk(risk) => risk.run(),
            Self::Advise(advise) => advise.run(),
            #[cfg(feature = "chain")]
            Self::Chain(chain) => chain.run(),
        }
    }

    /// Whether somebody depends on it although nobody reads any more what it prints. The chain's commands see to it.
    fn outlives_its_reader(&self) -> bool {
        match self {
            Self::Demo(_) | Self::Serve(_) | Self::Load(_) | Self::LoadWallets(_) | Self::Relay(_) => true,
            #[cfg(feature = "chain")]
            Self::Chain(_) => false,
            Self::Init(_) | Self::Qr(_) | Self::Simulate(_) | Self::Replay(_) => false,
            Self::Risk(_) | Self::Advise(_) => false,
        }
    }
}
