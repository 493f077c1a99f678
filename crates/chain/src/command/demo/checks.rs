//! What held and what did not, told as it happens.

use anyhow::bail;

/// Everything that was checked.
#[derive(Default)]
pub(super) struct Checks {
    held: u32,
    broken: Vec<String>,
}

impl Checks {
    /// Tells what happened, without judging it.
    pub(super) fn tell(&self, what: &str) {
        println!("  {what}");
    }

    /// Tells what must hold, and whether it does.
    pub(super) fn hold(&mut self, holds: bool, what: &str) {
        println!("{} {what}", if holds { "✓" } else { "✗" });
        if holds {
            self.held += 1;
        } else {
            self.broken.push(what.to_owned());
        }
    }

    /// Fails if anything did not hold.
    pub(super) fn into_result(self) -> anyhow::Result<()> {
        if self.broken.is_empty() {
            println!("all {} checks held", self.held);
            return Ok(());
        }
        bail!("{} of {} checks did not hold: {}", self.broken.len(), self.held, self.broken.join("; "))
    }
}
