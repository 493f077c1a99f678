#[derive(clap::Args)]
pub(super) struct Backtest {}
impl Backtest {
    pub(super) fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not yet")
    }
}
