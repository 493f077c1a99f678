//! Asks a set of rules whose a code is: longest match for each way to pay, then the best way.

use super::{Pattern, Rule, RuleSet};
use crate::PresentedCode;
use crate::consumer;
use crate::link::{Content, Link};
use crate::merchant;
use crate::profile::{self, Profile, Scheme};

/// Whose a code is, as one member sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// The asking member's own; no network is needed.
    Mine(Route<'a>),
    /// Another member's; the network decodes and routes it.
    Network(Route<'a>),
    /// Unknown to the network.
    Nobody,
}

/// One way a code can go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route<'a> {
    /// The rule that says so.
    pub rule: &'a Rule,
    /// Characters before the part of the code that matched.
    pub at: usize,
}

impl RuleSet {
    /// Mine, the network's, or nobody's? A code that carries several schemes is mine if any of them is.
    pub fn answer(&self, code: &PresentedCode, member: &str) -> Answer<'_> {
        let mut routes = self.routes(code);
        if let Some(mine) = routes.iter().position(|route| route.rule.member() == member) {
            return Answer::Mine(routes.swap_remove(mine));
        }
        routes.into_iter().next().map_or(Answer::Nobody, Answer::Network)
    }

    /// Every way the code can go, best first: higher preference, then the longer match, then earlier in the code.
    pub fn routes(&self, code: &PresentedCode) -> Vec<Route<'_>> {
        let mut routes = match code {
            PresentedCode::Merchant(code) => self.merchant(code),
            PresentedCode::Consumer(code) => self.consumer(code),
            PresentedCode::Payment(code) => {
                let alipay = code.issuer().and_then(|_| self.get(&Pattern::Scheme(Scheme::AlipayPlus)));
                let longest = self.longest(code.as_str(), |digits| Pattern::Prefix(digits.to_owned()));
                longest.or(alipay).map(|rule| Route { rule, at: 0 }).into_iter().collect()
            }
            PresentedCode::Link(link) => {
                let rule = self.host(link).or_else(|| {
                    let content = link.read().0;
                    let handle = match &content {
                        Content::Upi(upi) => {
                            upi.address.rsplit_once('@').map(|(_, handle)| handle.to_owned())
                        }
                        _ => None,
                    };
                    self.scheme(content.scheme()?, handle.as_deref())
                });
                rule.map(|rule| Route { rule, at: 0 }).into_iter().collect()
            }
        };
        // Stable, so that the order of the code decides among equals.
        routes.sort_by_key(|route| {
            std::cmp::Reverse((route.rule.preference(), route.rule.pattern().specificity()))
        });
        routes
    }

    fn merchant(&self, code: &merchant::Code) -> Vec<Route<'_>> {
        let readings = profile::read(code);
        let by_owner = code.accounts().filter_map(|account| {
            let rule = match account.guid() {
                Some(guid) => self.owner(guid),
                None => self.get(&Pattern::Card(account.id())),
            };
            Some(Route { rule: rule?, at: account.object().at() })
        });
        let by_scheme = readings.iter().flat_map(|reading| {
            let institutions = institutions(reading.profile.as_ref());
            let named = institutions.into_iter().filter_map(|one| self.institution(reading.scheme, &one));
            let named: Vec<_> = named.collect();
            let any = if named.is_empty() { self.get(&Pattern::Scheme(reading.scheme)) } else { None };
            named.into_iter().chain(any).map(|rule| Route { rule, at: reading.at })
        });
        let by_scheme: Vec<_> = by_scheme.collect();
        // What a scheme's own rules say about an account outweighs what is known of its owner only.
        let mut routes: Vec<_> =
            by_owner.filter(|route| !by_scheme.iter().any(|other| other.at == route.at)).collect();
        routes.extend(by_scheme);
        routes.sort_by_key(|route| route.at);
        routes
    }

    fn consumer(&self, code: &consumer::Code) -> Vec<Route<'_>> {
        let routes = code.applications().filter_map(|application| {
            let name: String = application.name().iter().map(|byte| format!("{byte:02X}")).collect();
            let rule = self.longest(&name, |digits| Pattern::Application(digits.to_owned()))?;
            Some(Route { rule, at: application.object().at() })
        });
        routes.collect()
    }

    /// The rule for the longest beginning of `text` that has one.
    fn longest(&self, text: &str, pattern: impl Fn(&str) -> Pattern) -> Option<&Rule> {
        (1..=text.len())
            .rev()
            .filter_map(|length| text.get(..length))
            .find_map(|head| self.get(&pattern(head)))
    }

    /// Reverse domain names match label by label, AIDs digit by digit.
    fn owner(&self, guid: &str) -> Option<&Rule> {
        let guid = guid.to_ascii_lowercase();
        let pattern = |head: &str| Pattern::Owner(head.to_owned());
        if !guid.contains('.') {
            return self.longest(&guid, pattern);
        }
        let ends = guid.match_indices('.').map(|(at, _)| at).chain([guid.len()]);
        let heads: Vec<_> = ends.collect();
        heads.into_iter().rev().find_map(|end| self.get(&pattern(&guid[..end])))
    }

    fn scheme(&self, scheme: Scheme, institution: Option<&str>) -> Option<&Rule> {
        let named = institution.and_then(|one| self.institution(scheme, one));
        named.or_else(|| self.get(&Pattern::Scheme(scheme)))
    }

    fn institution(&self, scheme: Scheme, identifier: &str) -> Option<&Rule> {
        let identifier = identifier.to_ascii_lowercase();
        self.longest(&identifier, |head| Pattern::Institution(scheme, head.to_owned()))
    }

    /// The host itself before the domains above it; at each, the longest path.
    fn host(&self, link: &Link) -> Option<&Rule> {
        let host = link.host().to_ascii_lowercase();
        let starts = std::iter::once(0).chain(host.match_indices('.').map(|(at, _)| at + 1));
        let path = if link.path().is_empty() { "/" } else { link.path() };
        let matches = |rule: &&Rule| match rule.pattern() {
            Pattern::Domain(_, head) => path.starts_with(head.as_str()),
            _ => false,
        };
        starts.into_iter().find_map(|start| self.domain(&host[start..]).rfind(matches))
    }
}

/// The institutions a national code names, as rules name them.
fn institutions(profile: Option<&Profile>) -> Vec<String> {
    let handle = |address: &str| address.rsplit_once('@').map(|(_, handle)| handle.to_owned());
    let one = match profile {
        Some(Profile::DuitNow(own)) => Some(own.acquirer.clone()),
        Some(Profile::VietQr(own)) => Some(own.bank.clone()),
        Some(Profile::QrPh(
            profile::qrph::QrPh::Person { bank, .. } | profile::qrph::QrPh::Merchant { bank, .. },
        )) => Some(bank.clone()),
        Some(Profile::LaoQr(own)) => Some(own.institution.clone()),
        Some(Profile::Fps(own)) => own.bank.clone(),
        Some(Profile::Khqr(own)) => handle(&own.account),
        Some(Profile::BharatQr(own)) => own.address.as_deref().and_then(handle),
        Some(Profile::Qris(own)) => {
            return own.accounts.iter().map(|account| account.merchant_number.clone()).collect();
        }
        _ => None,
    };
    one.into_iter().collect()
}
