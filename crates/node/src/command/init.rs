//! `sojourn init`: a directory from which `sojourn serve` runs, with fresh keys and a self-signed certificate.

use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ring::rand::{SecureRandom, SystemRandom};
use wire::PrivateKey;

use crate::config::SAMPLE;

/// Makes a directory for a new network: a commented configuration, signing keys, a self-signed certificate and an
/// operator token.
///
/// Nothing that exists is overwritten. Afterwards: sojourn serve --config DIR/sojourn.toml
#[derive(clap::Args)]
pub(crate) struct Init {
    /// The directory; it is made if it is not there
    #[arg(value_name = "DIR")]
    directory: PathBuf,

    /// Names and addresses the certificate is for
    #[arg(long, value_name = "NAME", default_values_t = ["localhost".to_owned(), "127.0.0.1".to_owned()])]
    host: Vec<String>,
}

impl Init {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        make(&self.directory, &self.host)?;
        self.tell();
        Ok(())
    }

    fn tell(&self) {
        let names: Vec<&str> = self.host.iter().map(String::as_str).collect();
        let local = self.host.iter().all(|host| host == "localhost" || is_loopback(host));
        println!("made {}", self.directory.display());
        println!("  sojourn.toml         every setting, explained");
        println!("  keys/                the network's signing keys; give members the *.public.pem");
        println!("  tls/                 a self-signed certificate for {}", names.join(", "));
        println!("  operator.token       the bearer token of the operator API");
        println!("  journal/             the only directory that must survive");
        println!("next: sojourn serve --config {}", self.directory.join("sojourn.toml").display());
        if !local {
            println!("before others connect: set [listen] to an address they reach");
        }
    }
}

/// Makes everything a network needs in a directory; nothing that exists is overwritten.
pub(crate) fn make(directory: &Path, hosts: &[String]) -> anyhow::Result<()> {
    let at = |path: &str| directory.join(path);
    for path in ["sojourn.toml", "keys", "tls", "operator.token"] {
        if at(path).exists() {
            bail!("{} exists; nothing was changed", at(path).display());
        }
    }
    for path in ["", "keys", "tls", "journal"] {
        std::fs::create_dir_all(at(path)).with_context(|| format!("making {}", at(path).display()))?;
    }
    let certificate = rcgen::generate_simple_self_signed(hosts.to_vec()).context("making a certificate")?;
    write_secret(&at("tls/key.pem"), &certificate.signing_key.serialize_pem())?;
    write(&at("tls/certificate.pem"), &certificate.cert.pem())?;
    let rsa = PrivateKey::generate_rsa(random()?);
    let ed25519 = PrivateKey::generate_ed25519(random()?);
    for (name, key) in [("network-rsa", &rsa), ("network-ed25519", &ed25519)] {
        write_secret(&at(&format!("keys/{name}.pem")), &key.to_pem())?;
        write(&at(&format!("keys/{name}.public.pem")), &key.public().to_pem())?;
    }
    write_secret(&at("operator.token"), &format!("{}\n", secret()?))?;
    write(&at("sojourn.toml"), SAMPLE)
}

fn is_loopback(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn random() -> anyhow::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).ok().context("the system gave no random bytes")?;
    Ok(bytes)
}

/// A token that cannot be guessed.
pub(crate) fn secret() -> anyhow::Result<String> {
    random().map(|bytes| hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

/// Readable by its owner only, from its first byte on.
pub(crate) fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("making {}", path.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("writing {}", path.display()))
}
