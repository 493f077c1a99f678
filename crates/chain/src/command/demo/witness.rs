//! Proofs written to files and checked twice: by the library and by the independent Python script, good and spoilt.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::Context as _;
use receivables::Hash;
use receivables::codec::{Codec as _, hex};
use receivables::proof;
use receivables::state::Key;
use tokio::process::Command;

use super::checks::Checks;
use crate::cast::fingerprint;
use crate::replica::verify;
use crate::stage::Stage;

/// The second witness: written from the format alone.
const SCRIPT: &str = include_str!("../../../../receivables/verify.py");

/// Copies the log as anybody may.
const COPIER: &str = include_str!("../../../../receivables/tiles.py");

pub(super) async fn call(stage: &Stage, checks: &mut Checks, redeemed: &Hash) -> anyhow::Result<()> {
    let script = stage.directory.join("verify.py");
    fs::write(&script, SCRIPT).context("writing the script")?;
    let client = stage.client(0);
    let event = client.text(&format!("/proof/{}", hex(redeemed))).await?;
    let file = stage.directory.join("redeemed.proof.json");
    fs::write(&file, &event).context("writing a proof")?;
    checks.tell(&format!("proof of the redemption: {} bytes as JSON in {}", event.len(), file.display()));
    let begun = std::time::Instant::now();
    let shown = proof::verify(&event, &stage.chain, &verify);
    let took = begun.elapsed();
    checks.hold(
        shown
            .as_ref()
            .is_ok_and(|shown| shown.event.as_ref().is_some_and(|entry| entry.transaction == *redeemed)),
        &format!("the library believes it, offline, in {} µs", took.as_micros()),
    );
    checks.hold(python(&script, &file, &stage.chain).await?, "the Python script believes it");

    let spoilt = stage.directory.join("spoilt.proof.json");
    fs::write(&spoilt, event.replacen("\"height\"", "\"Height\"", 1).replacen('1', "2", 1))?;
    let refused = proof::verify(&fs::read_to_string(&spoilt)?, &stage.chain, &verify).is_err();
    checks.hold(refused && !python(&script, &spoilt, &stage.chain).await?, "changed, neither believes it");

    let absent = Key::Fingerprint(fingerprint("an invoice that nobody financed"));
    let absence = client.text(&format!("/state/{}", hex(&absent.encode()))).await?;
    let file = stage.directory.join("not-financed.proof.json");
    fs::write(&file, &absence)?;
    let shown = proof::verify(&absence, &stage.chain, &verify);
    let none = shown.is_ok_and(|shown| shown.state.is_some_and(|(_, value)| value.is_none()));
    let python = python(&script, &file, &stage.chain).await?;
    let what = format!("an invoice is shown not to be financed, {} bytes; both believe it", absence.len());
    checks.hold(none && python, &what);

    let copier = stage.directory.join("tiles.py");
    fs::write(&copier, COPIER).context("writing the script that copies the log")?;
    let base = format!("http://{}", stage.address(1));
    let copied = python3(&copier, base.as_ref(), &stage.chain).await?;
    checks.hold(copied, "an independent client copies the log from its tiles and makes the signed root anew");
    Ok(())
}

async fn python(script: &Path, file: &Path, chain: &Hash) -> anyhow::Result<bool> {
    python3(script, file.as_os_str(), chain).await
}

async fn python3(script: &Path, argument: &OsStr, chain: &Hash) -> anyhow::Result<bool> {
    let status = Command::new("python3")
        .arg(script)
        .arg(argument)
        .arg(hex(chain))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await;
    Ok(status.context("running python3, which the demonstration needs")?.success())
}
