//! What was played, how members stand, and whether everything that must hold does.

use std::collections::BTreeMap;

use anyhow::bail;
use members::Standing;
use money::{Amount, Currency};
use serde_json::Value;
use wire::body::result_code::ResultCode;

use super::play::{Kind, Played};
use super::stage::Stage;

/// What did not hold.
pub(crate) struct Verdict(Vec<String>);

impl Verdict {
    pub(crate) fn into_result(self) -> anyhow::Result<()> {
        match self.0.as_slice() {
            [] => Ok(()),
            broken => bail!("{} checks failed:\n{}", broken.len(), broken.join("\n")),
        }
    }
}

/// Prints the summary and checks.
pub(crate) async fn print(stage: &Stage, played: &[Played]) -> anyhow::Result<Verdict> {
    let mut broken = Vec::new();
    let mut results: BTreeMap<String, u64> = BTreeMap::new();
    for payment in played {
        *results.entry(payment.result.code.to_string()).or_default() += 1;
        broken.extend(check(stage, payment));
    }
    println!("\npayments by result");
    results.iter().for_each(|(result, count)| println!("{count:>8}  {result}"));
    let positions = stage.operator.look("positions").await?;
    println!("\npositions because of payments");
    for position in positions["positions"].as_array().into_iter().flatten() {
        let balance = &position["balance"];
        if balance["value"] != "0" || position["reserved"] != "0" {
            let reserved = signed(&balance["currency"], &position["reserved"]);
            println!(
                "{:>14}  {:<3} {:>18}   reserved {reserved:>14}",
                position["clientId"].as_str().unwrap_or_default(),
                balance["currency"].as_str().unwrap_or_default(),
                signed(&balance["currency"], &balance["value"]),
            );
        }
        if position["reserved"] != "0" {
            broken.push(format!("{} still has money reserved", position["clientId"]));
        }
    }
    println!("\nsum of all positions");
    for sum in positions["sums"].as_array().into_iter().flatten() {
        let currency = sum["currency"].as_str().unwrap_or_default();
        println!("{:>14}  {currency:<3} {:>18}", "", signed(&sum["currency"], &sum["value"]));
        if sum["value"] != "0" {
            broken.push(format!("positions in {currency} do not sum to zero"));
        }
    }
    let reviewed = played.iter().filter(|payment| payment.kind == Kind::Reviewed);
    let reviewed: Vec<&str> = reviewed.map(|payment| payment.payment_id.as_str()).collect();
    if let Err(missing) = stage.desk.print(&reviewed).await {
        broken.push(missing.to_string());
    }
    match broken.is_empty() {
        true => println!(
            "\nevery payment ended as it must, wallets and network agree, every currency sums to zero"
        ),
        false => println!("\n{} checks FAILED", broken.len()),
    }
    Ok(Verdict(broken))
}

/// The acquirer's result is the expected one, and the wallet's own books agree with it.
fn check(stage: &Stage, played: &Played) -> Vec<String> {
    let mut broken = Vec::new();
    let (expected, id) = (played.kind.expected(), &played.payment_id);
    let acquirer = members::cast::ACQUIRERS[played.acquirer].client_id;
    if played.result.known_code() != Some(expected) {
        broken.push(format!(
            "{id} ({}, {acquirer}) ended with {}, not with {}",
            played.kind.name(),
            played.result.code,
            expected.as_str()
        ));
    }
    let wallet = &stage.company.wallets[played.wallet];
    let debited = wallet.standing(id) == Some(Standing::Debited);
    if debited != (expected == ResultCode::Success) {
        broken.push(format!("{id}: the wallet's books say {:?}", wallet.standing(id)));
    }
    if let Some((paid, given_back)) = wallet.amounts(id)
        && debited
        && (played.refunded_minor > 0) != (paid == given_back)
    {
        broken.push(format!("{id}: the wallet debited {paid} and gave back {given_back}"));
    }
    broken
}

fn signed(currency: &Value, minor: &Value) -> String {
    let currency = currency.as_str().and_then(|code| Currency::parse(code).ok());
    let minor = minor.as_str().and_then(|minor| minor.parse::<i128>().ok());
    match (currency, minor) {
        (Some(currency), Some(minor)) => {
            let size = u64::try_from(minor.unsigned_abs()).unwrap_or(u64::MAX);
            format!("{}{}", if minor < 0 { "-" } else { "" }, Amount::new(currency, size).major())
        }
        _ => "?".to_owned(),
    }
}
