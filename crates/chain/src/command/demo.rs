//! `chain demo`: four validators, a payment network and their link as processes, and the life of a certificate from
//! proposal to redemption, with an attempt to finance it twice, everybody killed once, and proofs checked by two programs.

mod checks;
mod joined;
mod money;
mod play;
mod witness;

use std::path::PathBuf;

use receivables::codec::hex;

use crate::stage::Stage;
use checks::Checks;
use money::Money;

/// Plays four validators, a payment network and the life of a certificate on this machine.
///
/// A supplier proposes, the buyer accepts, the part is split, passed on, sold at a posted rate and by sealed auction,
/// and redeemed; a merchant is advanced money on its coming sales. Money moves in a payment network's own process, which
/// a link tells what is final, with proofs. Somebody tries to finance the same invoice twice; a validator, the network
/// and the link are killed and come back; proofs are written and checked in Rust and in Python; a fifth node joins from
/// a snapshot. Without --once all stay up until Ctrl-C.
#[derive(clap::Args)]
pub(super) struct Demo {
    /// End after the play, with exit status 0 only if everything held
    #[arg(long)]
    once: bool,
    /// Seed of keys
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep the nodes' directories here, a new directory [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let begun = std::time::Instant::now();
        println!("starting four validators");
        let mut stage = Stage::open(self.seed, self.data.clone()).await?;
        println!("chain {}", hex(&stage.chain));
        for node in 0..crate::stage::NODES {
            println!(
                "  validator {} of member {}: http://{}/status",
                node + 1,
                node + 1,
                stage.address(node)
            );
        }
        println!("starting a payment network and the link");
        let mut money = Money::open(&stage, self.seed).await?;
        println!("  network: {}   link: {}/link\n", money.base_url(), stage.directory.display());
        let mut checks = Checks::default();
        play::play(&mut stage, &mut money, &mut checks).await?;
        joined::join(&mut stage, &mut checks).await?;
        println!("\nthe play took {:.1} s", begun.elapsed().as_secs_f32());
        if !self.once {
            println!("all stay up (Ctrl-C ends); look at http://{}/explorer", stage.address(0));
            tokio::signal::ctrl_c().await?;
        }
        checks.into_result()
    }
}
