#[derive(clap::Args)]
pub(super) struct Explain {}
impl Explain {
    pub(super) fn run(self) -> anyhow::Result<()> {
        anyhow::bail!("not yet")
    }
}
