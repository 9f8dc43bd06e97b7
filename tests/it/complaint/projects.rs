//! Top-N lists: the order of the worked example, what is frozen stays, and every entry is answered.

use qingting::complaint::project::{
    Answer, Frozen, ListAction as Do, ListChange, ListRefusal as No, ListSection as Text,
    ListTexts, ProjectStatus, Tally, TopList, freeze,
};
use qingting::complaint::{Actor, DAY, Role, StaffId};

const MANAGER: Actor = Actor::Staff(StaffId(3), Role::CaseManager);
const SPONSOR: Actor = Actor::Staff(StaffId(4), Role::SolutionExpert);
const NOW: i64 = 1_769_421_600_000;
const PERIOD: (i64, i64) = (NOW - 180 * DAY, NOW);

/// The example of §4.6: (critical, major, minor).
fn example() -> Vec<Tally> {
    [
        ("product_fault", 2, 11, 48),
        ("delivery_delay", 1, 20, 21),
        ("installation", 6, 12, 6),
        ("documentation", 0, 2, 16),
        ("billing", 0, 9, 6),
        ("training", 0, 1, 8),
        ("other", 0, 2, 9),
    ]
    .into_iter()
    .map(|(category, critical, major, minor)| Tally {
        category: category.to_owned(),
        critical,
        major,
        minor,
    })
    .collect()
}

fn list(frozen: Frozen) -> TopList {
    TopList::frozen(NOW, &ListChange::Frozen(frozen)).unwrap()
}

fn texts(sections: &[Text]) -> ListTexts {
    let text = "every delivery has one person who answers the telephone";
    sections
        .iter()
        .map(|section| (*section, text.to_owned()))
        .collect()
}

fn names(list: &TopList) -> Vec<&str> {
    list.entries
        .iter()
        .map(|entry| entry.category.as_str())
        .collect()
}

#[test]
fn the_list_is_the_vital_few_of_a_period_that_is_over() {
    let frozen = freeze(MANAGER, PERIOD, example(), None, NOW).unwrap();
    let made = list(frozen.clone());
    assert_eq!(
        names(&made),
        [
            "product_fault",
            "delivery_delay",
            "installation",
            "documentation"
        ]
    );
    let pareto = frozen.pareto().unwrap();
    assert_eq!(
        pareto.by_weight,
        [
            "product_fault",
            "installation",
            "delivery_delay",
            "billing",
            "documentation",
            "training",
            "other"
        ]
    );
    // Asked for more than there are causes: "other" is none of them.
    let all = freeze(MANAGER, PERIOD, example(), Some(50), NOW).unwrap();
    assert_eq!(list(all).entries.len(), 6);
    let refused = |actor, period, tallies, top| freeze(actor, period, tallies, top, NOW);
    assert_eq!(
        refused(SPONSOR, PERIOD, example(), None),
        Err(No::NotAllowed)
    );
    let open = (NOW - DAY, NOW + 1);
    assert_eq!(refused(MANAGER, open, example(), None), Err(No::PeriodOpen));
    assert_eq!(refused(MANAGER, PERIOD, Vec::new(), None), Err(No::Empty));
    // More than a fifth is "other": draw the categories anew, or say how many.
    let mut vague = example();
    vague[6].minor += 40;
    assert_eq!(
        refused(MANAGER, PERIOD, vague.clone(), None),
        Err(No::Recategorise)
    );
    assert!(refused(MANAGER, PERIOD, vague, Some(3)).is_ok());
}

#[test]
fn every_entry_has_a_project_or_a_reason_and_nothing_changes_what_was_frozen() {
    let frozen = freeze(MANAGER, PERIOD, example(), Some(2), NOW).unwrap();
    let mut made = list(frozen);
    let was = made.frozen.clone();
    assert_eq!(made.unanswered(), ["product_fault", "delivery_delay"]);
    let open = Do::OpenProject {
        entry: 1,
        sponsor: StaffId(4),
        milestones: vec![NOW + 30 * DAY, NOW + 90 * DAY],
    };
    let whole = [
        Text::Name(1),
        Text::Public(1),
        Text::Milestone(1, 1),
        Text::Milestone(1, 2),
    ];
    assert_eq!(
        made.decide(SPONSOR, &open, &texts(&whole), NOW),
        Err(No::NotAllowed)
    );
    for missing in 0..whole.len() {
        let mut sections = whole.to_vec();
        let section = sections.remove(missing);
        assert_eq!(
            made.decide(MANAGER, &open, &texts(&sections), NOW),
            Err(No::TextMissing(section))
        );
    }
    assert_eq!(
        made.decide(MANAGER, &open, &texts(&whole), NOW + 31 * DAY),
        Err(No::MilestoneMissing)
    );
    let mut take = |actor, action: &Do, said: &[Text]| {
        let change = made.decide(actor, action, &texts(said), NOW)?;
        made.apply(NOW, &change);
        Ok(made.clone())
    };
    take(MANAGER, &open, &whole).unwrap();
    let excuse = |entry| Do::Excuse { entry };
    assert_eq!(
        take(MANAGER, &excuse(1), &[Text::Reason(1)]),
        Err(No::HasProject)
    );
    assert_eq!(
        take(MANAGER, &excuse(3), &[Text::Reason(3)]),
        Err(No::NoSuchEntry)
    );
    let answered = take(MANAGER, &excuse(2), &[Text::Reason(2)]).unwrap();
    assert_eq!(answered.unanswered(), [] as [&str; 0]);
    // The sponsor moves it; done is done only with every milestone.
    let done = Do::SetStatus {
        entry: 1,
        status: ProjectStatus::Done,
    };
    assert_eq!(
        take(SPONSOR, &done, &[Text::Public(1)]),
        Err(No::NotReached)
    );
    for milestone in [1, 2] {
        let reach = Do::ReachMilestone {
            entry: 1,
            milestone,
        };
        take(SPONSOR, &reach, &[]).unwrap();
        assert_eq!(take(SPONSOR, &reach, &[]), Err(No::NoSuchEntry));
    }
    assert_eq!(
        take(SPONSOR, &done, &[]),
        Err(No::TextMissing(Text::Public(1)))
    );
    let ended = take(SPONSOR, &done, &[Text::Public(1)]).unwrap();
    let Answer::Project(project) = &ended.entries[0].answer else {
        panic!("{ended:?}")
    };
    assert_eq!(project.status, ProjectStatus::Done);
    assert_eq!(ended.frozen, was, "what was frozen stays");
}
