//! What each floor must not know, read from the dependencies as cargo resolves them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::files::root;

/// Crates that bring a runtime, a clock or sockets.
const EDGE: &[&str] = &["tokio", "hyper", "hyper-util", "mio", "rustls", "socket2"];
/// Crates of the public contract's syntax.
const SYNTAX: &[&str] = &["serde", "serde_json", "toml"];
/// Sources of randomness.
const CHANCE: &[&str] = &["rand", "getrandom", "fastrand"];
/// Packages the default build may resolve to.
const PACKAGES_MAX: usize = 300;

/// Ours from the lowest floor up, and what each must not reach.
const WALLS: &[(&str, &[&[&str]])] = &[
    ("money", &[EDGE, SYNTAX, CHANCE]),
    ("outlet", &[EDGE, SYNTAX, CHANCE]),
    ("journal", &[EDGE, SYNTAX, CHANCE]),
    ("qr", &[EDGE, SYNTAX, CHANCE]),
    ("ledger", &[EDGE, SYNTAX, CHANCE]),
    ("directory", &[EDGE, SYNTAX, CHANCE, &["ledger", "switch", "journal"]]),
    ("risk", &[EDGE, SYNTAX, CHANCE, &["switch", "engine"]]),
    ("advice", &[EDGE, SYNTAX, CHANCE, &["switch", "engine"]]),
    ("receivables", &[EDGE, SYNTAX, CHANCE, &["switch", "engine", "ledger", "journal"]]),
    ("adviser", &[EDGE, SYNTAX, CHANCE, &["switch", "engine", "journal"]]),
    ("switch", &[EDGE, SYNTAX, CHANCE, &["journal", "engine", "wire"]]),
    ("engine", &[EDGE, SYNTAX, CHANCE, &["wire", "runtime", "api"]]),
    ("wire", &[EDGE, &["switch", "engine", "ledger", "money"]]),
    ("hop", &[&["switch", "engine", "ledger", "directory"]]),
    ("api", &[&["console", "sim"]]),
    ("console", &[&["sim", "members"]]),
    ("pages", &[&["sim", "api", "node", "playground"]]),
    ("playground", &[&["sim", "api", "node"]]),
];

fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs this test, so it can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

/// Package ids by name, and each one's normal dependencies.
fn graph(metadata: &Value) -> (BTreeMap<String, String>, BTreeMap<String, Vec<String>>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut names = BTreeMap::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        names.insert(text(&package["id"]), text(&package["name"]));
    }
    let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for node in metadata["resolve"]["nodes"].as_array().into_iter().flatten() {
        let normal = |dependency: &&Value| {
            dependency["dep_kinds"].as_array().into_iter().flatten().any(|kind| kind["kind"].is_null())
        };
        let all = node["deps"].as_array().into_iter().flatten().filter(normal);
        needs.insert(text(&node["id"]), all.map(|dependency| text(&dependency["pkg"])).collect());
    }
    (names, needs)
}

fn reached(
    from: &str,
    names: &BTreeMap<String, String>,
    needs: &BTreeMap<String, Vec<String>>,
) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let ours = |(id, name): &(&String, &String)| *name == from && id.contains("/crates/");
    let mut open: Vec<&String> = names.iter().filter(ours).map(|(id, _)| id).collect();
    assert!(!open.is_empty(), "there is no crate `{from}`");
    while let Some(id) = open.pop() {
        if seen.insert(names[id].clone()) {
            open.extend(needs.get(id).into_iter().flatten());
        }
    }
    seen.remove(from);
    seen
}

#[test]
fn no_floor_knows_what_it_must_not() {
    let (names, needs) = graph(&metadata());
    let mut broken = Vec::new();
    for (ours, forbidden) in WALLS {
        let reached = reached(ours, &names, &needs);
        let through = forbidden.iter().flat_map(|list| list.iter()).filter(|name| reached.contains(**name));
        broken.extend(through.map(|name| format!("{ours} reaches {name}")));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_default_build_stays_small() {
    let (names, needs) = graph(&metadata());
    let packages = reached("node", &names, &needs);
    println!("the binary resolves to {} packages", packages.len() + 1);
    assert!(packages.len() < PACKAGES_MAX, "{} packages, more than {PACKAGES_MAX}", packages.len());
}

#[test]
fn the_consensus_engine_stays_behind_its_walls() {
    let (names, needs) = graph(&metadata());
    assert!(!reached("node", &names, &needs).contains("consensus"), "the default binary reaches the engine");
    let ours = names.iter().filter(|(id, name)| id.contains("/crates/") && *name != "consensus");
    let direct = ours.filter(|(id, _)| {
        needs.get(*id).is_some_and(|all| all.iter().any(|id| names[id].starts_with("commonware-")))
    });
    let direct: Vec<&String> = direct.map(|(_, name)| name).collect();
    assert!(direct.is_empty(), "{direct:?} name the engine; only `consensus` may");
}
