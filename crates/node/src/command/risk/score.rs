#[derive(clap::Args)]
pub(super) struct Score {}
impl Score {
    pub(super) fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not yet")
    }
}
