//! A network's process, as its neighbours see it: started on a configuration file, watched until it answers, stopped or
//! killed. Knows nothing of what it serves but its health.

use std::fs::OpenOptions;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::process::{Child, Command};

/// A long journal takes its time to replay.
const HEALTHY_WITHIN: Duration = Duration::from_secs(60);
const STOPPED_WITHIN: Duration = Duration::from_secs(15);
const LOOK_EVERY: Duration = Duration::from_millis(20);
const HEALTH_BYTES_MAX: usize = 1_024;

/// A running network. It is killed when this is dropped, and ends by itself when this process does, however it does.
pub struct Server {
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts `program serve --config FILE` and waits until it answers at `base_url`. Its log is appended to a file.
    pub async fn start(program: &Path, config: &Path, base_url: &str, log: &Path) -> Result<Server> {
        Server::start_with(program, config, base_url, log, &[]).await
    }

    /// The same with further arguments.
    pub async fn start_with(
        program: &Path,
        config: &Path,
        base_url: &str,
        log: &Path,
        arguments: &[String],
    ) -> Result<Server> {
        let appended = OpenOptions::new().create(true).append(true).open(log)?;
        let child = Command::new(program)
            .arg("serve")
            .arg("--config")
            .arg(config)
            .arg("--until-input-ends")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(appended)
            .kill_on_drop(true)
            .spawn()?;
        let mut server = Server { child, log: log.to_owned() };
        let begun = Instant::now();
        while facts(base_url).await.is_none() {
            if let Some(status) = server.child.try_wait()? {
                return Err(server.blame(&format!("ended at once ({status})")));
            }
            if begun.elapsed() > HEALTHY_WITHIN {
                return Err(server.blame("does not answer"));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(server)
    }

    /// The process's number; nothing once it has ended.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether the process has not ended.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks the process to stop and waits until it has. `Err` when it ended badly.
    pub async fn stop(&mut self) -> Result<()> {
        #[cfg(unix)]
        if let Some(id) = self.child.id() {
            let _ = Command::new("kill").arg("-TERM").arg(id.to_string()).status().await;
        }
        match tokio::time::timeout(STOPPED_WITHIN, self.child.wait()).await {
            Ok(status) => match status? {
                status if status.success() => Ok(()),
                status => Err(self.blame(&format!("ended with {status}"))),
            },
            Err(_) => self.child.kill().await,
        }
    }

    /// Kills the process where it stands (SIGKILL), and returns when it is gone.
    pub async fn kill(&mut self) -> Result<()> {
        self.child.kill().await
    }

    fn blame(&self, what: &str) -> Error {
        Error::other(format!("the network {what}; {} may say why", self.log.display()))
    }
}

/// How many facts the network at this address has recorded; nothing if it does not answer.
pub async fn facts(base_url: &str) -> Option<u64> {
    let http: Client<HttpConnector, Empty<Bytes>> =
        Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let response = http.get(format!("{base_url}/health").parse().ok()?).await.ok()?;
    let body = Limited::new(response.into_body(), HEALTH_BYTES_MAX).collect().await.ok()?.to_bytes();
    std::str::from_utf8(&body).ok()?.strip_prefix("up; ")?.trim().strip_suffix(" facts")?.parse().ok()
}
