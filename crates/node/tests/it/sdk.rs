//! The official Alipay Global SDK for Python, unmodified, pays through the network over TLS. It always calls port 443,
//! so the network serves that port of a loopback address of its own. Where Python, the package or the port cannot be
//! had, the test says so and is skipped.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use members::Standing;
use members::cast::{ACQUIRERS, WALLETS};
use serde_json::json;

use crate::town::{OWN_ADDRESS, Town, say};

const PACKAGE: &str = "global-open-sdk-python";
const VERSION: &str = "1.7.1";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/sdk.py");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_sdk_pays() {
    let sdk = match package().and_then(|sdk| port_443().map(|()| sdk)) {
        Ok(sdk) => sdk,
        Err(why) => return say(&format!("SKIPPED: the test of the official SDK for Python: {why}")),
    };
    let mut town = Town::found_with("sdk", &format!("{OWN_ADDRESS}:443")).await;
    let (acquirer, wallet) = (&ACQUIRERS[0], &WALLETS[0]);
    let private_key = town.company.credentials[acquirer.client_id].rsa.to_pkcs1_pem();
    let given = json!({
        "sdk": sdk,
        "gateway": format!("https://{OWN_ADDRESS}"),
        "clientId": acquirer.client_id,
        "privateKey": private_key,
        "networkKey": town.network.rsa.to_pem(),
        "phone": format!("{}/phone", town.company.endpoints[wallet.client_id]),
        "currency": acquirer.currency,
        "merchant": acquirer.merchant,
        "store": acquirer.stores[0].0,
    });
    let certificate = town.directory.join("tls/certificate.pem");
    let ran = tokio::task::spawn_blocking(move || run(&given.to_string(), &certificate));
    let payments = ran.await.expect("the script was started");
    assert_eq!(payments.len(), 6);
    for (payment_id, expected) in payments {
        let standing = town.company.wallets[0].standing(&payment_id);
        let expected = if expected == "DEBITED" { Standing::Debited } else { Standing::Cancelled };
        assert_eq!(standing, Some(expected), "{payment_id}");
    }
    assert_eq!(town.stop_and_replay().await["payments"]["Succeeded"], 5);
}

/// Runs the script; returns the payments it made and how they must stand with the wallet.
fn run(given: &str, certificate: &Path) -> BTreeMap<String, String> {
    let mut python = Command::new(python())
        .arg(SCRIPT)
        .env("SSL_CERT_FILE", certificate)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python was there a moment ago");
    let mut input = python.stdin.take().expect("a pipe");
    input.write_all(given.as_bytes()).expect("the script reads");
    drop(input);
    let output = python.wait_with_output().expect("the script ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the script prints JSON")
}

fn python() -> String {
    std::env::var("SOJOURN_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// The directory the package is in; it is fetched once for this build.
fn package() -> Result<PathBuf, String> {
    let version = Command::new(python()).arg("--version").output();
    version.map_err(|error| format!("{} does not run: {error}", python()))?;
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{PACKAGE}-{VERSION}"));
    if directory.is_dir() {
        return Ok(directory);
    }
    let fetched = directory.with_extension(std::process::id().to_string());
    let mut pip = Command::new(python());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]);
    let output = pip.arg(&fetched).arg(format!("{PACKAGE}=={VERSION}")).output();
    let output = output.map_err(|error| format!("{} does not run: {error}", python()))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(format!("pip does not install it: {}", why.lines().last().unwrap_or_default()));
    }
    std::fs::rename(&fetched, &directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    Ok(directory)
}

fn port_443() -> Result<(), String> {
    let listening = std::net::TcpListener::bind((OWN_ADDRESS, 443));
    listening.map(drop).map_err(|error| format!("port 443 of {OWN_ADDRESS} cannot be had: {error}"))
}
