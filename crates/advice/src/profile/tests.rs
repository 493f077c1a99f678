use super::*;

fn answers(chosen: &[usize; 14]) -> Answers {
    let form = Questionnaire::first();
    Answers {
        questionnaire: form.version.clone(),
        chosen: form.questions.iter().zip(chosen).map(|(q, c)| (q.id.to_owned(), *c)).collect(),
        day: Day::parse("2026-02-28").unwrap(),
        age_years: 40,
        full_capacity: true,
        asked_again: false,
        attempts: (0, 0),
    }
}

fn assessed(answers: &Answers) -> Result<RiskProfile, Refusal> {
    assess(&Questionnaire::first(), answers, &Policy::default())
}

const BOLD: [usize; 14] = [3, 3, 3, 3, 3, 3, 3, 3, 4, 3, 3, 1, 1, 1];

#[test]
fn the_more_cautious_of_the_two_scores_decides_and_caps_only_lower() {
    let check = |change: &[(usize, usize)], class: Class, lowest: bool| {
        let mut chosen = BOLD;
        change.iter().for_each(|(place, choice)| chosen[*place] = *choice);
        let profile = assessed(&Answers { asked_again: true, ..answers(&chosen) }).unwrap();
        assert_eq!((profile.class, profile.lowest), (class, lowest), "{change:?} {:?}", profile.reasons);
        assert_eq!(profile.expires.to_string(), "2027-02-28");
        assert_eq!(RiskProfile::from_json(&profile.to_json()).unwrap(), profile);
    };
    check(&[], Class::C5, false);
    check(&[(7, 2), (8, 2), (9, 2), (10, 1)], Class::C4, false); // willingness 60
    check(&[(0, 0), (2, 0), (3, 0)], Class::C3, false); // capacity 58
    check(&[(1, 0)], Class::C2, false); // no reserve
    check(&[(5, 1)], Class::C2, false);
    check(&[(5, 0), (6, 2)], Class::C1, false);
    check(&[(11, 0), (12, 2)], Class::C3, false); // knowledge 33
    check(&[(8, 0), (9, 2)], Class::C1, true); // no loss at all
}

#[test]
fn capacity_and_age_make_the_lowest_category() {
    let lowest = |answers: &Answers| assessed(answers).unwrap().lowest;
    assert!(!lowest(&answers(&BOLD)));
    assert!(lowest(&Answers { full_capacity: false, ..answers(&BOLD) }));
    assert!(lowest(&Answers { age_years: 17, ..answers(&BOLD) }));
    assert!(lowest(&Answers { age_years: 95, ..answers(&BOLD) }));
}

#[test]
fn contradictions_are_asked_again_and_then_taken_cautiously() {
    let mut chosen = BOLD;
    chosen[7] = 0; // would sell everything, yet accepts the largest loss
    let first = assessed(&answers(&chosen)).unwrap_err();
    assert_eq!(first.code, Code::ProfileContradictory);
    let second = assessed(&Answers { asked_again: true, ..answers(&chosen) }).unwrap();
    assert_eq!(second.contradictions.len(), 1);
    assert!(second.willingness < 60, "{}", second.willingness);
}

#[test]
fn answers_are_complete_known_and_not_too_many() {
    let check = |change: &dyn Fn(&mut Answers), code: Code| {
        let mut answers = answers(&BOLD);
        change(&mut answers);
        assert_eq!(assessed(&answers).unwrap_err().code, code);
    };
    check(&|a| a.questionnaire = "old".into(), Code::AnswerUnknown);
    check(
        &|a| {
            a.chosen.remove("need");
        },
        Code::AnswerUnknown,
    );
    check(
        &|a| {
            a.chosen.insert("need".into(), 4);
        },
        Code::AnswerUnknown,
    );
    check(
        &|a| {
            a.chosen.insert("other".into(), 0);
        },
        Code::AnswerUnknown,
    );
    check(&|a| a.attempts = (2, 2), Code::ProfileAttempts);
    check(&|a| a.attempts = (0, 8), Code::ProfileAttempts);
}

#[test]
fn no_answer_ever_raises_the_class_when_made_more_cautious() {
    // Lowering the points of any single willingness or capacity answer never raises the class.
    let form = Questionnaire::first();
    let mut random = crate::random::Random::new(4);
    for _ in 0..5_000 {
        let mut chosen = [0; 14];
        for (choice, question) in chosen.iter_mut().zip(&form.questions) {
            *choice = random.below(question.choices.len());
        }
        let class = |chosen: &[usize; 14]| {
            let profile = assessed(&Answers { asked_again: true, ..answers(chosen) }).unwrap();
            (!profile.lowest, profile.class, profile.contradictions.is_empty())
        };
        let before = class(&chosen);
        let place = random.below(11);
        if chosen[place] > 0 {
            chosen[place] -= 1;
            let after = class(&chosen);
            // A contradiction resolved cautiously may be lower than the cautious answers themselves.
            assert!(!before.2 || (after.0, after.1) <= (before.0, before.1), "{chosen:?}");
        }
    }
}
