//! `chain simulate`: stories by seed, with the one command that repeats what broke.

use anyhow::{Context as _, bail};

use crate::simulation::{stories, tell};

/// Tells stories of a chain of four and checks each: never two final blocks at one height, states equal, and life goes
/// on when the faults end. The same seed tells the same story.
#[derive(clap::Args)]
pub(super) struct Simulate {
    /// Seeds, from..to
    #[arg(long, value_name = "FROM..TO", default_value = "0..3")]
    seeds: String,
    /// Only the story of this name
    #[arg(long, value_name = "NAME")]
    story: Option<String>,
}

impl Simulate {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let seeds =
            self.seeds.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
        let seeds: std::ops::Range<u64> = seeds.context("seeds are two numbers with dots between: 0..3")?;
        let all = stories();
        let chosen: Vec<_> =
            all.iter().filter(|story| self.story.as_deref().is_none_or(|name| name == story.name)).collect();
        if chosen.is_empty() {
            let names: Vec<_> = all.iter().map(|story| story.name).collect();
            bail!("the stories are {names:?}");
        }
        let mut broken = 0;
        for seed in seeds {
            for story in &chosen {
                let begun = std::time::Instant::now();
                match tell(story, seed) {
                    Ok(told) => println!(
                        "{:<20} seed {seed}: {} virtual s in {:.1} s, height {}, {} of {} transactions applied, \
                         {} turned away, {} blocks refused, evidence against {}",
                        story.name,
                        story.seconds,
                        begun.elapsed().as_secs_f32(),
                        told.height,
                        told.applied,
                        told.admitted,
                        told.turned_away,
                        told.blocks_refused,
                        told.evidence.len()
                    ),
                    Err(why) => {
                        broken += 1;
                        println!("{:<20} seed {seed}: BROKEN: {why}", story.name);
                        println!(
                            "  again: sojourn chain simulate --story \"{}\" --seeds {seed}..{}",
                            story.name,
                            seed + 1
                        );
                    }
                }
            }
        }
        if broken > 0 { bail!("{broken} stories broke") } else { Ok(()) }
    }
}
