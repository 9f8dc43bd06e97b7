//! State × action × role: who may what, where, as the design's §2.2 says; and the guards of each transition.

use super::*;
use qingting::complaint::{Closure, State};

/// Action | who | states; `*` is all, `o` every open one.
const TABLE: &str = "
acknowledge  | Sy AR                   | Rc
assess       | AR Mg                   | Ak
regrade      | AR Mg                   | As In AC AT
find-issue   | AR Ow Mg                | As In AC AT
adopt-policy | Mg                      | Rc Ak As In AC AT
begin        | Ow                      | As
ask          | Ow                      | In
write        | Cu                      | *
resume       | Sy                      | AC
partner      | Ow                      | In
take-back    | Ow                      | AT
draft        | Ow AR SR FR             | In
sign-off     | Ow AR SR FR Mg Ex       | In
respond      | AR                      | In
remedy-done  | Ow AR                   | Rs Cc Cn
confirm      | Cu                      | Rs
not-solved   | Cu                      | Rs
time-out     | Sy                      | Rs
reopen       | Cu AR Ow Mg             | Cc Cn Cw Cd
withdraw     | Cu                      | o
merge        | AR Mg                   | Rc Ak As In AC AT
reclassify   | AR                      | Rc Ak
propose-spam | AR                      | Rc Ak As In AC AT Cs
mark-spam    | Mg                      | Rc Ak As In AC AT
undo-spam    | Mg                      | Cs
ask-review   | Cu                      | Rs
review       | Rv                      | UR
escalate     | Cu Ow Ex                | o
question     | Ex                      | o
explain      | Ow Mg                   | o
message      | AR Ow Rv                | o
hold         | AR Ow Rv                | o
note         | AR SR FR Ow Rv Mg Ex    | *
hand-off     | Ow AR Mg                | o
open         | AR SR FR Ow Rv Mg Ex    | *
contact-made | AR Ow Mg                | o
review-miss  | Mg Ex                   | *
rate         | Cu                      | Rs Cc Cn Cd Cw
link-problem | AR Ow Mg                | *
";

const STATES: [(&str, State); 15] = [
    ("Rc", State::Received),
    ("Ak", State::Acknowledged),
    ("As", State::Assessed),
    ("In", State::Investigating),
    ("AC", State::AwaitingCustomer),
    ("AT", State::AwaitingThirdParty),
    ("Rs", State::Responded),
    ("UR", State::UnderReview),
    ("Cc", State::Closed(Closure::CustomerConfirmed)),
    ("Cn", State::Closed(Closure::NoReplyTimeout)),
    ("Cd", State::Closed(Closure::DeclinedFinal)),
    ("Cw", State::Closed(Closure::Withdrawn)),
    ("Cx", State::Closed(Closure::Duplicate)),
    ("Cr", State::Closed(Closure::Reclassified)),
    ("Cs", State::Closed(Closure::Spam)),
];

const ACTORS: [(&str, Actor); 13] = [
    ("Cu", Actor::Customer),
    ("Sy", Actor::System),
    ("AR", AR),
    ("SR", SR),
    ("FR", FR),
    ("Ow", OWNER),
    ("Rv", REVIEWER),
    ("Mg", MANAGER),
    ("An", ANALYST),
    ("Ex", EXECUTIVE),
    ("Au", AUDITOR),
    ("Ad", ADMIN),
    ("another account's", OTHER),
];

/// One of each, in the order of the table.
pub(super) fn actions(now: i64) -> Vec<(&'static str, Action)> {
    let text = || "it still does not work, see the log from this morning".to_owned();
    let later = now + 48 * HOUR;
    vec![
        ("acknowledge", Action::Acknowledge),
        ("assess", assess(Severity::Major)),
        (
            "regrade",
            Action::Regrade {
                severity: Severity::Minor,
                flags: Flags::default(),
                words: Words::of(
                    Field::Text,
                    "It takes a little longer: a part is on its way.",
                ),
            },
        ),
        (
            "find-issue",
            Action::FindIssue {
                category: Category::Billing,
                stage: LifeStage::Billing,
                text: "and the invoice was wrong as well, it stood in the second line".to_owned(),
            },
        ),
        (
            "adopt-policy",
            Action::AdoptPolicy {
                policy: Box::new(qingting::complaint::Policy {
                    version: 2,
                    update: [qingting::complaint::policy::Budget::Business(120); 4],
                    ..qingting::complaint::Policy::published()
                }),
                words: Words::of(Field::Text, "We look at it sooner from now on."),
            },
        ),
        ("begin", Action::Begin),
        (
            "ask",
            Action::Ask {
                text: text(),
                reply_by: later,
            },
        ),
        ("write", Action::Write { text: text() }),
        ("resume", Action::Resume),
        (
            "partner",
            Action::HandToPartner {
                party: "PARTNER-NAME".to_owned(),
                expected: later,
            },
        ),
        ("take-back", Action::TakeBack),
        ("draft", Action::Draft(draft(Outcome::Upheld))),
        ("sign-off", Action::SignOff),
        (
            "respond",
            Action::Respond {
                words: draft(Outcome::Upheld).words,
            },
        ),
        ("remedy-done", Action::RemedyDone),
        ("confirm", Action::Confirm),
        ("not-solved", Action::NotSolved { text: text() }),
        ("time-out", Action::TimeOut),
        ("reopen", Action::Reopen { text: text() }),
        ("withdraw", Action::Withdraw { text: text() }),
        (
            "merge",
            Action::Merge {
                into: "0".repeat(32),
                same_customer: true,
            },
        ),
        (
            "reclassify",
            Action::Reclassify {
                into: "0".repeat(32),
            },
        ),
        ("propose-spam", Action::ProposeSpam),
        ("mark-spam", Action::MarkSpam),
        ("undo-spam", Action::UndoSpam),
        ("ask-review", Action::AskReview { text: text() }),
        ("review", Action::Review(draft(Outcome::Upheld))),
        ("escalate", Action::Escalate { text: text() }),
        ("question", Action::Question),
        ("explain", Action::Explain { text: text() }),
        ("message", Action::Message { text: text() }),
        (
            "hold",
            Action::Hold {
                text: text(),
                next: later,
            },
        ),
        (
            "note",
            Action::Note {
                text: "INTERNAL: customer is right, we lost the ticket".to_owned(),
            },
        ),
        (
            "hand-off",
            Action::HandOff {
                owner: StaffId(4),
                text: "INTERNAL hand-off".to_owned(),
            },
        ),
        ("open", Action::Open),
        (
            "contact-made",
            Action::ContactMade {
                text: "INTERNAL: phoned, will check".to_owned(),
            },
        ),
        (
            "review-miss",
            Action::ReviewMiss {
                miss: 1,
                text: "INTERNAL: no stand-in".to_owned(),
            },
        ),
        (
            "rate",
            Action::Rate {
                score: 2,
                text: text(),
            },
        ),
        ("link-problem", Action::LinkProblem { problem: 7 }),
    ]
}

#[test]
fn everybody_may_just_what_the_table_says() {
    let desk = Desk::new(Urgency::Soon, false);
    let rows: Vec<_> = TABLE.trim().lines().collect();
    let actions = actions(MONDAY);
    assert_eq!(rows.len(), actions.len());
    let mut asked = 0_usize;
    for (row, (name, action)) in rows.iter().zip(&actions) {
        let parts: Vec<_> = row.split('|').map(str::trim).collect();
        assert_eq!(parts[0], *name);
        for (code, state) in STATES {
            let mut case = desk.case.clone();
            (case.state, case.owner, case.reviewer) = (state, StaffId(4), Some(StaffId(5)));
            let fits = match parts[2] {
                "*" => true,
                "o" => state.is_open(),
                states => states.split(' ').any(|known| known == code),
            };
            for (who, actor) in ACTORS {
                asked += 1;
                let may = parts[1].split(' ').any(|known| known == who);
                let result = decide(&case, actor, action, &desk.setting());
                let place = format!("{name} by {who} in {code}");
                match (may, fits) {
                    (false, _) => assert_eq!(result, Err(Refusal::NotAllowed), "{place}"),
                    (true, false) => assert_eq!(result, Err(Refusal::WrongState(state)), "{place}"),
                    (true, true) => assert!(
                        !matches!(result, Err(Refusal::NotAllowed | Refusal::WrongState(_))),
                        "{place}: {result:?}"
                    ),
                }
            }
        }
    }
    let rows = TABLE.lines().filter(|line| !line.is_empty());
    assert_eq!(asked, rows.count() * 15 * 13);
}

#[test]
fn the_matrix_is_monotone_and_critical_never_falls_below_the_second() {
    use Severity::{Critical, Major, Minor};
    use Urgency::{Blocking, CanWait, Soon};
    use qingting::complaint::Priority::{self, P1, P2, P3, P4};
    let rows = [
        (Critical, [P1, P1, P2]),
        (Major, [P2, P3, P3]),
        (Minor, [P3, P4, P4]),
    ];
    let plain = Flags::default();
    for (severity, row) in rows {
        for (urgency, expected) in [Blocking, Soon, CanWait].into_iter().zip(row) {
            let priority = Priority::of(severity, urgency, plain);
            assert_eq!(priority, expected);
            assert!(severity != Critical || priority <= P2);
            let repeated = Priority::of(
                severity,
                urgency,
                Flags {
                    repeat: true,
                    ..plain
                },
            );
            assert!(repeated < priority || priority == P1);
            for flags in [
                Flags {
                    safety: true,
                    ..plain
                },
                Flags {
                    security: true,
                    ..plain
                },
                Flags {
                    legal: true,
                    ..plain
                },
            ] {
                assert_eq!(Priority::of(severity, urgency, flags), P1);
            }
        }
    }
}

#[test]
fn routing_falls_to_the_default_owner_where_a_place_is_vacant() {
    use qingting::complaint::routing::route;
    let vacant = Team {
        solution: None,
        ..TEAM
    };
    assert_eq!(
        route(Category::Performance, &TEAM, DEFAULT),
        (StaffId(2), StaffId(1))
    );
    assert_eq!(
        route(Category::Performance, &vacant, DEFAULT),
        (DEFAULT, StaffId(1))
    );
    assert_eq!(
        route(Category::Billing, &Team::default(), DEFAULT),
        (DEFAULT, DEFAULT)
    );
    // With nobody in the team the contact acts as the account manager; the account manager of another account does not.
    let mut desk = Desk::of_team(Urgency::Soon, false, Team::default());
    let stand_in = Actor::Staff(DEFAULT, Role::CaseManager);
    assert_eq!(
        desk.act(OTHER, &Action::ProposeSpam),
        Err(Refusal::NotAllowed)
    );
    desk.must(stand_in, &Action::ProposeSpam);
}

#[test]
fn a_decision_goes_out_only_when_everybody_agreed() {
    let words = || draft(Outcome::Upheld).words;
    let respond = || Action::Respond { words: words() };
    let mut desk = Desk::begun(Severity::Major);
    assert_eq!(desk.act(AR, &respond()), Err(Refusal::NoDraft));
    desk.must(SR, &Action::Draft(draft(Outcome::Upheld)));
    assert_eq!(desk.act(AR, &respond()), Err(Refusal::SignOffsMissing));
    desk.must(SR, &Action::SignOff);
    assert_eq!(
        desk.act(AR, &respond()),
        Err(Refusal::SignOffsMissing),
        "FR's place is filled"
    );
    desk.must(FR, &Action::SignOff);
    // Another draft: whoever agreed to the first has not agreed to this.
    desk.must(SR, &Action::Draft(draft(Outcome::NotUpheld)));
    assert_eq!(desk.act(AR, &respond()), Err(Refusal::SignOffsMissing));
    desk.must(SR, &Action::SignOff);
    desk.must(FR, &Action::SignOff);
    desk.must(AR, &respond());
    assert_eq!(desk.case.state, State::Responded);

    // Minor: the owner is enough.
    let mut desk = Desk::begun(Severity::Minor);
    desk.must(SR, &Action::Draft(draft(Outcome::Upheld)));
    desk.must(SR, &Action::SignOff);
    desk.must(AR, &respond());
}

#[test]
fn declining_needs_reason_explanation_alternative_route_and_a_second_person() {
    let mut desk = Desk::begun(Severity::Minor);
    let whole = draft(Outcome::Declined);
    let without_reason = Draft {
        reason: None,
        ..whole.clone()
    };
    assert_eq!(
        desk.act(SR, &Action::Draft(without_reason)),
        Err(Refusal::ReasonMissing)
    );
    for field in [
        Field::Text,
        Field::Explanation,
        Field::Alternative,
        Field::ReviewRoute,
    ] {
        let mut blank = whole.clone();
        for (known, text) in &mut blank.words.0 {
            if *known == field {
                *text = "  \n".to_owned();
            }
        }
        assert_eq!(
            desk.act(SR, &Action::Draft(blank)),
            Err(Refusal::WordsMissing(field))
        );
    }
    // The account manager is owner, author and sender in one: nobody else has seen it.
    desk.must(
        SR,
        &Action::HandOff {
            owner: StaffId(1),
            text: "takes it over".to_owned(),
        },
    );
    desk.must(AR, &Action::Draft(whole.clone()));
    let respond = Action::Respond { words: whole.words };
    assert_eq!(desk.act(AR, &respond), Err(Refusal::ApproverIsAuthor));
    desk.must(MANAGER, &Action::SignOff);
    desk.must(AR, &respond);
}

#[test]
fn every_problem_of_a_case_needs_an_outcome_of_its_own() {
    let mut desk = Desk::begun(Severity::Minor);
    let second = event::IssueClass {
        id: 2,
        ..desk.case.issues[0].clone()
    };
    desk.case.issues.push(second);
    let one = draft(Outcome::Upheld);
    assert_eq!(
        desk.act(SR, &Action::Draft(one.clone())),
        Err(Refusal::OutcomeMissing(2))
    );
    let mut both = one.clone();
    both.issues.push(event::IssueOutcome {
        id: 2,
        outcome: Outcome::NotUpheld,
    });
    desk.must(SR, &Action::Draft(both));
    let mixed = desk
        .case
        .draft
        .as_ref()
        .map(|(decision, _)| decision.outcome);
    assert_eq!(mixed, Some(Outcome::PartlyUpheld));
    let mut strange = one;
    strange.issues.extend([
        event::IssueOutcome {
            id: 2,
            outcome: Outcome::Upheld,
        },
        event::IssueOutcome {
            id: 9,
            outcome: Outcome::Upheld,
        },
    ]);
    assert_eq!(
        desk.act(SR, &Action::Draft(strange)),
        Err(Refusal::UnknownIssue(9))
    );
}

#[test]
fn a_declined_decision_is_looked_at_once_more_by_somebody_new() {
    let mut desk = Desk::responded(Severity::Minor, Outcome::Declined);
    let again = || "you did not read my second mail at all".to_owned();
    assert_eq!(
        desk.act(Actor::Customer, &Action::NotSolved { text: again() }),
        Err(Refusal::AskForReview)
    );
    // The case manager was involved: the executive takes it.
    desk.case.involved.insert(StaffId(6));
    desk.must(Actor::Customer, &Action::AskReview { text: again() });
    assert_eq!(
        (desk.case.state, desk.case.reviewer),
        (State::UnderReview, Some(StaffId(8)))
    );
    assert_eq!(
        desk.act(AR, &Action::Review(draft(Outcome::Upheld))),
        Err(Refusal::NotAllowed)
    );
    desk.must(EXECUTIVE, &Action::Review(draft(Outcome::Declined)));
    assert!(desk.case.is_final());
    assert_eq!(
        desk.act(Actor::Customer, &Action::AskReview { text: again() }),
        Err(Refusal::AlreadyReviewed)
    );
    assert_eq!(
        desk.act(Actor::Customer, &Action::NotSolved { text: again() }),
        Err(Refusal::AlreadyReviewed)
    );

    // Where the review finds for the customer, "not solved" is offered as usual.
    let mut desk = Desk::responded(Severity::Minor, Outcome::Declined);
    desk.must(Actor::Customer, &Action::AskReview { text: again() });
    desk.must(MANAGER, &Action::Review(draft(Outcome::PartlyUpheld)));
    desk.must(Actor::Customer, &Action::NotSolved { text: again() });
    assert_eq!(
        (desk.case.state, desk.case.cycle),
        (State::Investigating, 2)
    );

    // Nobody is left who was not involved: the executives hear of it at once.
    let mut desk = Desk::responded(Severity::Minor, Outcome::Declined);
    desk.case.involved.extend([StaffId(6), StaffId(8)]);
    desk.must(Actor::Customer, &Action::AskReview { text: again() });
    assert_eq!((desk.case.reviewer, desk.case.escalation), (None, 3));
}

#[test]
fn only_the_customer_says_solved_and_only_in_time_says_it_again() {
    let mut desk = Desk::responded(Severity::Minor, Outcome::Upheld);
    desk.must(Actor::Customer, &Action::Confirm);
    assert_eq!(desk.case.state, State::Closed(Closure::CustomerConfirmed));
    desk.must(
        Actor::Customer,
        &Action::Write {
            text: "thanks!".to_owned(),
        },
    );
    assert_eq!(
        desk.case.state,
        State::Closed(Closure::CustomerConfirmed),
        "thanks reopens nothing"
    );
    desk.now += 30 * 24 * HOUR + 1;
    let reopen = Action::Reopen {
        text: "it is back".to_owned(),
    };
    assert_eq!(desk.act(Actor::Customer, &reopen), Err(Refusal::TooLate));
    desk.must(AR, &reopen);
    assert_eq!(
        (desk.case.state, desk.case.cycle),
        (State::Investigating, 2)
    );
}

#[test]
fn spam_takes_two_people_and_can_be_taken_back() {
    let mut desk = Desk::new(Urgency::Soon, false);
    assert_eq!(
        desk.act(MANAGER, &Action::MarkSpam),
        Err(Refusal::NotProposed)
    );
    desk.must(AR, &Action::ProposeSpam);
    desk.must(MANAGER, &Action::MarkSpam);
    assert_eq!(
        desk.act(MANAGER, &Action::UndoSpam),
        Err(Refusal::NotProposed)
    );
    desk.must(AR, &Action::ProposeSpam);
    desk.now += 31 * 24 * HOUR;
    assert_eq!(desk.act(MANAGER, &Action::UndoSpam), Err(Refusal::TooLate));
    desk.now -= 2 * 24 * HOUR;
    desk.must(MANAGER, &Action::UndoSpam);
    assert_eq!(
        (desk.case.state, desk.case.received_at),
        (State::Received, MONDAY)
    );
}

#[test]
fn the_question_mark_stands_once_and_is_not_cleared_without_words() {
    let mut desk = Desk::begun(Severity::Minor);
    let before = qingting::complaint::clock::running(&desk.case, &desk.policy, &desk.calendar);
    desk.must(EXECUTIVE, &Action::Question);
    assert_eq!(
        desk.act(EXECUTIVE, &Action::Question),
        Err(Refusal::AlreadyAsked)
    );
    let after = qingting::complaint::clock::running(&desk.case, &desk.policy, &desk.calendar);
    assert_eq!(after.len(), before.len() + 1);
    assert!(
        before.iter().all(|clock| after.contains(clock)),
        "no other clock moves"
    );
    let blank = Action::Explain {
        text: " ".to_owned(),
    };
    assert_eq!(
        desk.act(SR, &blank),
        Err(Refusal::WordsMissing(Field::Text))
    );
    desk.must(
        SR,
        &Action::Explain {
            text: "The card was out of stock.".to_owned(),
        },
    );
    assert!(desk.case.question.is_some(), "it goes up the chain first");
    assert_eq!(
        desk.act(MANAGER, &blank),
        Err(Refusal::WordsMissing(Field::Text))
    );
    desk.must(
        MANAGER,
        &Action::Explain {
            text: "Checked with the warehouse: true.".to_owned(),
        },
    );
    assert_eq!(desk.case.question, None);
    let last = qingting::complaint::clock::running(&desk.case, &desk.policy, &desk.calendar);
    assert_eq!(last, before, "nor did they while it stood");
}
