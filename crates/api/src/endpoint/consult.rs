//! `consultPayment`, or `consult`: which wallets could pay this, before there is an order. Moves and promises nothing.

use std::collections::BTreeMap;

use directory::{Agreement, Member, Role, Time};
use engine::Engine;
use money::{Amount, Rounding};
use runtime::{Clock, wording};
use wire::body::consult::{
    AmountLimit, AmountLimitInfo, ConsultAnswer, ConsultRequest, DisableReason, LimitsByCurrency,
    PaymentMethodCategory, PaymentOption,
};
use wire::body::outcome::Outcome;
use wire::body::scalar::{List, Text, Truth};

use crate::Api;
use crate::endpoint::amount;
use crate::indication;
use crate::signed::{Caller, Endpoint, busy};

pub(crate) const ENDPOINT: Endpoint<ConsultRequest, ConsultAnswer> = Endpoint {
    role: Some(Role::Acquirer),
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: ConsultAnswer::new,
};

async fn answer(api: &Api, caller: &Caller, request: ConsultRequest) -> Result<ConsultAnswer, Outcome> {
    let asked = amount(&request.payment_amount, "paymentAmount")?;
    let now = Clock.now();
    let wallets: Vec<_> = caller
        .directory
        .members()
        .filter(|member| member.role == Role::Wallet && is_wanted(member, &request))
        .cloned()
        .collect();
    let options = move |engine: &Engine| -> Vec<PaymentOption> {
        wallets.iter().map(|wallet| option(engine, wallet, asked, now)).collect()
    };
    let mut options = api.gate.ask(options).await.map_err(busy)?;
    let home = request.user_region.as_ref().map(|region| region.as_str().to_owned());
    let far = |option: &PaymentOption| {
        let regions = option.payment_method_region.as_ref();
        !regions.is_some_and(|regions| regions.iter().any(|region| Some(region.as_str()) == home.as_deref()))
    };
    options.sort_by_key(|option| (!option.enabled.0, far(option)));
    Ok(ConsultAnswer { payment_options: Some(List::cut(options)), ..ConsultAnswer::new(Outcome::success()) })
}

fn is_wanted(member: &Member, request: &ConsultRequest) -> bool {
    let names = |list: &List<Text<64>, 100>| list.iter().any(|name| name.as_str() == &*member.client_id);
    let allowed = request.allowed_payment_methods.as_ref();
    let blocked = request.blocked_payment_methods.as_ref();
    let regions = request.allowed_payment_method_regions.as_ref().or(request.allowed_psp_regions.as_ref());
    let in_region = |list: &List<Text<6>, 100>| {
        list.iter().any(|region| region.as_str() == "GLOBAL" || region.as_str() == member.country.code())
    };
    allowed.is_none_or(names) && !blocked.is_some_and(names) && regions.is_none_or(in_region)
}

fn option(engine: &Engine, wallet: &Member, asked: Amount, now: Time) -> PaymentOption {
    let agreement = wallet.agreement(now);
    let reason = match agreement {
        _ if !wallet.is_active() => Some(DisableReason::AccountNotAvailable),
        None => Some(DisableReason::AccountNotAvailable),
        Some(agreement) => obstacle(engine, agreement, asked, now),
    };
    let mut option = PaymentOption::new(Text::cut(&wallet.client_id), Truth(reason.is_none()));
    option.payment_method_category = Some(PaymentMethodCategory::Wallet);
    option.payment_method_region = Some(List::cut([Text::cut(wallet.country.code())]));
    option.disable_reason = reason;
    option.supported_currencies = agreement
        .map(|agreement| List::cut(agreement.limits.iter().map(|limit| wording::currency(limit.currency))));
    option.amount_limit_info_map = agreement.map(limits);
    option
}

fn obstacle(engine: &Engine, agreement: &Agreement, asked: Amount, now: Time) -> Option<DisableReason> {
    let payer = agreement.settlement_currency;
    let Some(limit) = agreement.limit(payer) else { return Some(DisableReason::CurrencyNotSupported) };
    let Some(quote) = indication::cheapest(engine, asked.currency, payer, now) else {
        return Some(DisableReason::ServiceDegraded);
    };
    match quote.rate.convert(asked, Rounding::HalfEven) {
        Ok(cost) if (limit.payment_min_minor..=limit.payment_max_minor).contains(&cost.minor) => None,
        _ => Some(DisableReason::ExceedLimit),
    }
}

fn limits(agreement: &Agreement) -> LimitsByCurrency {
    let mut by_currency = BTreeMap::new();
    for limit in &agreement.limits {
        let bound = |minor| wording::amount(Amount::new(limit.currency, minor));
        let single = AmountLimit {
            max_amount: bound(limit.payment_max_minor),
            min_amount: bound(limit.payment_min_minor),
            ..AmountLimit::new()
        };
        let info = AmountLimitInfo { single_limit: Some(single), ..AmountLimitInfo::new() };
        by_currency.insert(wording::currency(limit.currency), info);
    }
    LimitsByCurrency(by_currency)
}
