//! A node's next key: taken up when the epoch begins in which governance has named it. The node then starts itself anew,
//! because its key is also its name among the nodes.

use std::fs;
use std::time::Duration;

use anyhow::Context as _;

use crate::files::{Home, NEXT_KEY, NODE_KEY, PAST_KEY, public_key, read_seed};
use crate::replica::Replica;

/// How often the epoch is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Returns when the next key is a validator's in the epoch that runs; never if there is none.
pub(super) async fn due(home: &Home, replica: &Replica) {
    loop {
        tokio::time::sleep(LOOK).await;
        let Ok(seed) = read_seed(&home.directory.join(NEXT_KEY)) else { continue };
        let key = public_key(&seed);
        let epoch = replica.epoch();
        if replica.look(|state| state.validators(epoch).iter().any(|validator| validator.key == key)) {
            return;
        }
    }
}

/// Puts the next key in the place of the node's key, which is kept but never used again, and starts the program anew.
/// Returns only if that fails.
pub(super) fn take_up(home: &Home) -> anyhow::Result<()> {
    let place = |name: &str| home.directory.join(name);
    fs::rename(place(NODE_KEY), place(PAST_KEY)).context("putting the old key aside")?;
    fs::rename(place(NEXT_KEY), place(NODE_KEY)).context("taking up the new key")?;
    println!("takes up its new key and starts anew");
    let mut again = std::process::Command::new(std::env::current_exe().context("finding this program")?);
    again.args(std::env::args_os().skip(1));
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        Err(again.exec()).context("starting this program anew")
    }
    #[cfg(not(unix))]
    {
        again.spawn().context("starting this program anew")?;
        std::process::exit(0)
    }
}
