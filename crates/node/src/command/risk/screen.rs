#[derive(clap::Args)]
pub(super) struct Screen {}
impl Screen {
    pub(super) fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not yet")
    }
}
