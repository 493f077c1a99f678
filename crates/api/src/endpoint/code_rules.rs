//! `inquiryCodeRules`: a member asks for the rules by which it tells whose a scanned code is.

use wire::body::amount::Count;
use wire::body::code_rules::{CodeRulesAnswer, CodeRulesRequest};
use wire::body::outcome::Outcome;
use wire::body::result_code::ResultCode;
use wire::body::scalar::{Id, List, Text};

use crate::Api;
use crate::code_rules;
use crate::signed::{Caller, Endpoint};

pub(crate) const ENDPOINT: Endpoint<CodeRulesRequest, CodeRulesAnswer> = Endpoint {
    role: None,
    answer: |api, caller, request| Box::pin(answer(api, caller, request)),
    refused: CodeRulesAnswer::new,
};

async fn answer(api: &Api, caller: &Caller, request: CodeRulesRequest) -> Result<CodeRulesAnswer, Outcome> {
    let rules = code_rules::in_force(&caller.directory, api.door.identity())
        .ok_or_else(|| Outcome::because(ResultCode::ProcessFail, "No code rules have been published."))?;
    let mut answer = CodeRulesAnswer::new(Outcome::success());
    answer.version = Count::try_new(rules.version);
    if request.held_version.is_some_and(|held| held.number() == rules.version) {
        return Ok(answer);
    }
    answer.lines = Some(List::cut(rules.text.lines().map(Text::cut)));
    answer.key_version = Id::try_new(rules.key_version).ok();
    answer.signature = Some(Text::cut(&rules.signature));
    Ok(answer)
}
