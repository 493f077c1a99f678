//! The demo's risk desk: two people who publish a model, and what waits for them in the end. Knows no payment's life.

use anyhow::{Context, bail};
use members::Operator;
use serde_json::{Value, json};

/// Trained on made-up payments of a young network: `benches/risk/young.py --seed 5`, then `sojourn risk train --features
/// network --trees 60 --depth 3`. Of the real world it knows nothing.
const MODEL: &str = include_str!("desk/network.model");

/// To a model every stranger with a large bill is suspicious, and here all are strangers: up to 5,000 dollars go through.
const HELD: &str = "held review up 500000 approve";

/// Two people, since what decides about payments takes two.
pub(crate) struct Desk {
    pub(crate) first: Operator,
    pub(crate) second: Operator,
}

impl Desk {
    /// Publishes the model, first in shadow and then live, and a policy that lets more through while people look at it,
    /// unless a model judges already.
    pub(crate) async fn publish_model(&self) -> anyhow::Result<()> {
        let control = self.first.look("risk").await?;
        let version = control["versions"][2].as_str().context("the network tells no version of its model")?;
        if version.bytes().any(|digit| digit != b'0') {
            return Ok(());
        }
        let policy = risk::NETWORK_POLICY.replace("held review up 100000 approve", HELD);
        self.change(&json!({ "kind": "POLICY", "text": policy })).await?;
        self.change(&json!({ "kind": "MODEL", "text": MODEL })).await?;
        self.change(&json!({ "kind": "PROMOTE_MODEL" })).await
    }

    async fn change(&self, change: &Value) -> anyhow::Result<()> {
        let proposal = self.first.propose(change).await?;
        Ok(self.second.change(&format!("risk/changes/{proposal}/confirm"), &json!({})).await?)
    }

    /// Prints how payments were judged and what waits for a person. `reviewed` must be among it, with its score.
    pub(crate) async fn print(&self, reviewed: &[&str]) -> anyhow::Result<()> {
        let control = self.first.look("risk").await?;
        let judged: Vec<&str> =
            control["judged"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if let [approved, proven, reviewed, declined] = judged[..] {
            println!(
                "\nrisk control: {approved} approved, {proven} to prove more, {reviewed} to review, {declined} declined"
            );
        }
        let queue = self.first.look("risk/cases").await?;
        let cases = queue["cases"].as_array().cloned().unwrap_or_default();
        println!("cases for people");
        let mut seen = Vec::new();
        for case in &cases {
            let number = case["number"].as_str().context("a case without a number")?;
            let found = self.first.look(&format!("risk/cases/{number}")).await?;
            for payment in found["evidence"].as_array().into_iter().flatten() {
                let id = payment["paymentId"].as_str().unwrap_or_default().to_owned();
                println!(
                    "{number:>8}  {:<28} payment {id}  {:<8} {:<16} score {:>7} ppm",
                    case["payer"].as_str().unwrap_or_default(),
                    payment["decision"].as_str().unwrap_or_default(),
                    payment["reasons"][0]["code"].as_str().unwrap_or_default(),
                    payment["scorePpm"].as_str().unwrap_or_default(),
                );
                seen.push(id);
            }
        }
        match reviewed.iter().find(|id| !seen.iter().any(|one| one == *id)) {
            Some(missing) => bail!("payment {missing} is to be reviewed, and no case has it"),
            None => Ok(()),
        }
    }
}
