//! The whole surface of the service as two tables from method and path to verb. `*` stands for a name.

use adviser::Verb;
use hyper::Method;

/// One endpoint.
pub(crate) type Route = (Method, &'static str, Verb);

/// Members' endpoints, behind `/advice/`.
pub(crate) const MEMBERS: &[Route] = &[
    (Method::GET, "questionnaire", Verb::Questionnaire),
    (Method::POST, "profiles", Verb::Assess),
    (Method::GET, "profiles/*", Verb::Profile),
    (Method::GET, "users/*", Verb::Overview),
    (Method::POST, "goals", Verb::SetGoal),
    (Method::PATCH, "goals/*", Verb::ChangeGoal),
    (Method::GET, "goals/*/projection", Verb::Projection),
    (Method::GET, "models", Verb::Models),
    (Method::GET, "products/*", Verb::Product),
    (Method::POST, "proposals", Verb::Propose),
    (Method::GET, "proposals/*", Verb::Proposal),
    (Method::POST, "proposals/*/accept", Verb::Accept),
    (Method::POST, "proposals/*/decline", Verb::Decline),
    (Method::POST, "orders/*/fills", Verb::Fill),
    (Method::GET, "portfolios/*", Verb::Portfolio),
    (Method::GET, "portfolios/*/performance", Verb::Performance),
    (Method::GET, "portfolios/*/drift", Verb::Drift),
    (Method::GET, "portfolios/*/lots", Verb::Lots),
    (Method::GET, "portfolios/*/tax", Verb::Tax),
    (Method::POST, "mandates", Verb::SignMandate),
    (Method::DELETE, "mandates/*", Verb::Revoke),
    (Method::POST, "cash-rules", Verb::SetCashRules),
    (Method::POST, "cash-moves", Verb::MoveCash),
    (Method::POST, "optimise", Verb::Optimise),
    (Method::POST, "backtests", Verb::Backtest),
    (Method::GET, "backtests/*", Verb::LookBacktest),
    (Method::POST, "rebalance-runs", Verb::Rebalance),
    (Method::GET, "rebalance-runs/*", Verb::LookRebalance),
    (Method::POST, "complaints", Verb::Complain),
    (Method::GET, "records", Verb::Records),
    (Method::POST, "replay/*", Verb::Replay),
];

/// The house's endpoints, behind `/operator/v1/advice/`.
pub(crate) const HOUSE: &[Route] = &[
    (Method::GET, "state", Verb::HouseState),
    (Method::GET, "records", Verb::HouseRecords),
    (Method::GET, "report", Verb::HouseReport),
    (Method::GET, "backtests/*", Verb::HouseBacktest),
    (Method::GET, "rebalance-runs/*", Verb::HouseRun),
    (Method::GET, "proposals/*", Verb::HouseProposal),
    (Method::POST, "replay/*", Verb::HouseReplay),
    (Method::POST, "products", Verb::ListProduct),
    (Method::POST, "products/*/grade", Verb::GradeProduct),
    (Method::POST, "prices", Verb::PublishPrices),
    (Method::POST, "models", Verb::RegisterModel),
    (Method::POST, "models/*/*/approve", Verb::ApproveModel),
    (Method::POST, "switch", Verb::Switch),
    (Method::POST, "jurisdictions", Verb::Serve),
    (Method::POST, "policy", Verb::SetPolicy),
    (Method::POST, "calendar", Verb::SetCalendar),
    (Method::POST, "tax-rules", Verb::SetTaxRules),
    (Method::POST, "proposals/*/release", Verb::Release),
];

/// The verb of a path, and the names in it. `Err` says which method the path takes, if there is such a path.
pub(crate) fn find(
    table: &[Route],
    method: &Method,
    path: &str,
) -> Result<(Verb, Vec<String>), Option<Method>> {
    let mut allowed = None;
    for (takes, pattern, verb) in table {
        let Some(names) = names(pattern, path) else { continue };
        if takes == method {
            return Ok((*verb, names));
        }
        allowed = Some(takes.clone());
    }
    Err(allowed)
}

fn names(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut parts = path.split('/');
    for expected in pattern.split('/') {
        let part = parts.next()?;
        match expected {
            "*" => names.push(crate::operator::decoded(part).filter(|name| !name.is_empty())?),
            _ if expected == part => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some(names)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_verb_has_one_path() {
        let listed: BTreeSet<Verb> = MEMBERS.iter().chain(HOUSE).map(|(_, _, verb)| *verb).collect();
        assert_eq!(listed, Verb::ALL.iter().copied().collect());
        assert_eq!(MEMBERS.len() + HOUSE.len(), Verb::ALL.len());
    }

    #[test]
    fn every_path_is_in_the_contract() {
        let of = |table: &[Route], prefix: &str| -> BTreeSet<String> {
            let path = |path: &str| {
                let parts = path.split('/').map(|part| if part == "*" { "{}" } else { part });
                parts.collect::<Vec<_>>().join("/")
            };
            table.iter().map(|(method, p, _)| format!("{method} {prefix}{}", path(p))).collect()
        };
        let written: BTreeSet<String> = wire::openapi::advice_paths()
            .map(|(method, path)| {
                let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
                format!("{method} {}", path.split('/').map(part).collect::<Vec<_>>().join("/"))
            })
            .collect();
        let served = of(MEMBERS, "/advice/").union(&of(HOUSE, "/operator/v1/advice/")).cloned().collect();
        assert_eq!(written, served);
    }

    #[test]
    fn paths_are_found() {
        let check = |method: Method, path: &str, expected: Result<(Verb, Vec<&str>), Option<Method>>| {
            let expected =
                expected.map(|(verb, names)| (verb, names.into_iter().map(String::from).collect()));
            assert_eq!(find(MEMBERS, &method, path), expected, "{method} {path}");
        };
        check(Method::GET, "goals/g/projection", Ok((Verb::Projection, vec!["g"])));
        check(Method::GET, "products/a%2Fb", Ok((Verb::Product, vec!["a/b"])));
        check(Method::GET, "goals/g", Err(Some(Method::PATCH)));
        check(Method::GET, "goals//projection", Err(None));
        check(Method::GET, "goals/%zz/projection", Err(None));
        check(Method::GET, "goals/g/projection/", Err(None));
        check(Method::POST, "", Err(None));
    }
}
