//! A link's directory: what is refused, what is kept, and what a damaged file costs.

use std::fs;
use std::path::PathBuf;

use receivables::link::Reading;

use super::home::{KEY, LINK, LinkHome, Settings, TOKEN};

const CHAIN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn settings(network: &str) -> Settings {
    Settings {
        chain: CHAIN.to_owned(),
        nodes: vec!["http://127.0.0.1:7100".to_owned(), "https://node.example".to_owned()],
        network: network.to_owned(),
        token_file: TOKEN.into(),
        key_file: KEY.into(),
        metrics: None,
    }
}

struct Scratch(PathBuf);

impl Scratch {
    fn made(name: &str, network: &str) -> Scratch {
        let directory = std::env::temp_dir().join(format!("link-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&directory);
        LinkHome::make(&directory, &settings(network)).unwrap();
        Scratch(directory)
    }

    fn give_token(&self, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        let file = self.0.join(TOKEN);
        fs::write(&file, "link 0123456789abcdef0123456789\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn refusal(&self) -> String {
        LinkHome::open(&self.0).err().map(|error| format!("{error:#}")).unwrap_or_default()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_directory_that_was_made_can_be_used_once_it_has_a_token() {
    let scratch = Scratch::made("made", "http://127.0.0.1:8080");
    assert!(scratch.refusal().contains("network.token"), "{}", scratch.refusal());
    scratch.give_token(0o644);
    assert!(scratch.refusal().contains("can be read by others"), "{}", scratch.refusal());
    scratch.give_token(0o600);
    let home = LinkHome::open(&scratch.0).unwrap();
    assert_eq!(home.token, "0123456789abcdef0123456789", "behind its name");
    assert_eq!(home.settings.nodes, settings("").nodes);
    assert!(LinkHome::make(&scratch.0, &settings("http://localhost")).is_err(), "nothing is overwritten");
}

#[test]
fn what_cannot_be_meant_is_refused_with_the_file() {
    for (network, line, then) in [
        ("http://network.example", "", "use https://"),
        ("http://10.0.0.1:8080", "", "use https://"),
        ("https://network.example", "", ""),
        ("http://[::1]:8080", "", ""),
        ("http://localhost:8080/", "", ""),
        ("ftp://localhost", "", "no http://"),
        ("http://localhost", "colour = \"red\"\n", "unknown field"),
        ("http://localhost", "chain = \"12\"\n", "duplicate key"),
    ] {
        let scratch = Scratch::made("meant", network);
        scratch.give_token(0o600);
        let file = scratch.0.join(LINK);
        let text = fs::read_to_string(&file).unwrap() + line;
        fs::write(&file, text).unwrap();
        let refusal = scratch.refusal();
        let fits = if then.is_empty() { refusal.is_empty() } else { refusal.contains(then) };
        assert!(fits, "{network} {line}: {refusal}");
        assert!(refusal.is_empty() || refusal.contains(LINK), "{refusal}");
    }
    let scratch = Scratch::made("id", "http://localhost");
    scratch.give_token(0o600);
    let text = fs::read_to_string(scratch.0.join(LINK)).unwrap().replace(CHAIN, "0123");
    fs::write(scratch.0.join(LINK), text).unwrap();
    assert!(scratch.refusal().contains("64 digits"), "{}", scratch.refusal());
}

#[test]
fn a_position_is_kept_for_one_network_and_a_damaged_one_costs_only_time() {
    let scratch = Scratch::made("position", "http://localhost");
    scratch.give_token(0o600);
    let home = LinkHome::open(&scratch.0).unwrap();
    assert_eq!(home.reading(), Reading::default());
    let mut log = receivables::log::Frontier::default();
    for leaf in 0..5 {
        log.append([leaf; 32]);
    }
    let position = receivables::link::Position { log, withheld: vec![], liens: vec![], units: vec![] };
    home.keep(&position).unwrap();
    assert_eq!(home.reading(), Reading::from(position).unwrap());
    let file = scratch.0.join("position");
    let whole = fs::read(&file).unwrap();
    for cut in 0..whole.len() - 1 {
        fs::write(&file, &whole[..cut]).unwrap();
        assert_eq!(home.reading(), Reading::default(), "cut at {cut}");
    }
    fs::write(&file, &whole).unwrap();
    assert_eq!(home.reading().next(), 5);
    let settings = fs::read_to_string(scratch.0.join(LINK)).unwrap();
    fs::write(scratch.0.join(LINK), settings.replace("localhost", "127.0.0.1")).unwrap();
    assert_eq!(LinkHome::open(&scratch.0).unwrap().reading(), Reading::default(), "of another network");
}
