//! The measures against values that independent programs computed, and properties that hold for any answers.

use proptest::prelude::*;
use qingting::measures::{
    Ces, ControlChart, Csat, Drivers, Histogram, Interval, Nps, OffScale, Paired, Pareto,
    Percentiles, Reading, Sample, Scale, Share, Trend, sample_size,
};
use serde_json::Value;

const TOLERANCE: f64 = 1e-6;

fn cases(measure: &str) -> Vec<Value> {
    let fixture: Value = serde_json::from_str(include_str!("../fixtures/measures.json")).unwrap();
    let cases = fixture[measure].as_array().unwrap().clone();
    assert!(cases.len() > 20, "{measure} has {} cases", cases.len());
    cases
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// Asserts that a figure is what the case says, or missing where the case says null.
fn assert_figure(ours: Option<f64>, theirs: &Value, case: &Value) {
    match (ours, theirs.as_f64()) {
        (Some(ours), Some(theirs)) => {
            assert!((ours - theirs).abs() <= TOLERANCE, "{ours} for {case}");
        }
        (None, None) => assert!(theirs.is_null(), "{case}"),
        _ => panic!("{ours:?} for {case}"),
    }
}

fn assert_interval(ours: Option<Interval>, theirs: &Value, case: &Value) {
    assert_figure(ours.map(|interval| interval.low), &theirs[0], case);
    assert_figure(ours.map(|interval| interval.high), &theirs[1], case);
}

fn near(ours: Option<f64>, theirs: f64) {
    assert!(
        (ours.unwrap() - theirs).abs() < 5e-4,
        "{ours:?} is not {theirs}"
    );
}

fn nps(promoters: u64, passives: u64, detractors: u64) -> Nps {
    Nps {
        promoters,
        passives,
        detractors,
    }
}

fn nps_of(counts: &Value) -> Nps {
    nps(count(&counts[0]), count(&counts[1]), count(&counts[2]))
}

fn histogram(scale: Scale, counts: &[u64]) -> Histogram {
    Histogram::from_counts(scale, counts.to_vec()).unwrap()
}

#[test]
fn nps_and_its_interval_are_those_of_the_computed_cases() {
    for case in cases("nps") {
        let ours = nps(
            count(&case["promoters"]),
            count(&case["passives"]),
            count(&case["detractors"]),
        );
        assert_eq!(ours.n(), count(&case["n"]), "{case}");
        assert_figure(ours.value(), &case["nps"], &case);
        assert_interval(ours.interval(), &case["interval"], &case);
    }
}

#[test]
fn change_of_the_nps_is_that_of_the_computed_cases() {
    for case in cases("nps_change") {
        let ours = nps_of(&case["after"])
            .change_since(nps_of(&case["before"]))
            .unwrap();
        assert_figure(Some(ours.change), &case["change"], &case);
        assert_figure(Some(ours.standard_error), &case["standard_error"], &case);
        assert_figure(Some(ours.z), &case["z"], &case);
        assert_figure(Some(ours.p_value), &case["p_value"], &case);
        assert_interval(Some(ours.interval), &case["interval"], &case);
        assert_eq!(
            Some(ours.is_significant()),
            case["significant"].as_bool(),
            "{case}"
        );
    }
}

#[test]
fn share_and_its_interval_are_those_of_the_computed_cases() {
    for case in cases("share") {
        let ours = Share::new(count(&case["k"]), count(&case["n"])).unwrap();
        assert_figure(ours.percent(), &case["percent"], &case);
        assert_interval(ours.interval(), &case["interval"], &case);
    }
}

#[test]
fn ces_is_that_of_the_computed_cases() {
    for case in cases("ces") {
        let counts: Vec<u64> = case["counts"]
            .as_array()
            .unwrap()
            .iter()
            .map(count)
            .collect();
        let ours = Ces::of(&histogram(Scale::CES, &counts)).unwrap();
        assert_eq!(ours.n(), count(&case["n"]), "{case}");
        assert_figure(ours.mean(), &case["mean"], &case);
        assert_figure(ours.sd(), &case["sd"], &case);
        assert_interval(ours.mean_interval(), &case["mean_interval"], &case);
        for (share, name) in [(ours.agree(), "agree"), (ours.disagree(), "disagree")] {
            let theirs = &case[name];
            assert_eq!(
                (share.k(), share.n()),
                (count(&theirs["k"]), count(&theirs["n"])),
                "{case}"
            );
            assert_figure(share.percent(), &theirs["percent"], &case);
            assert_interval(share.interval(), &theirs["interval"], &case);
        }
    }
}

#[test]
fn csat_is_that_of_the_published_case() {
    let csat = Csat::of(&histogram(Scale::CSAT, &[14, 9, 10, 32, 42])).unwrap();
    assert_eq!((csat.satisfied().k(), csat.satisfied().n()), (74, 107));
    near(csat.value(), 69.159);
    near(csat.interval().map(|interval| interval.low), 59.872);
    near(csat.interval().map(|interval| interval.high), 77.118);
}

#[test]
fn operational_shares_are_those_of_the_worked_table() {
    for (k, n, percent, low, high) in [
        (130, 200, 65.0, 58.16, 71.27),
        (14, 200, 7.0, 4.22, 11.41),
        (450, 500, 90.0, 87.058, 92.332),
        (1, 1, 100.0, 20.655, 100.0),
    ] {
        let share = Share::new(k, n).unwrap();
        let interval = share.interval().unwrap();
        assert_eq!(share.percent(), Some(percent));
        assert!(
            (interval.low - low).abs() < 6e-3 && (interval.high - high).abs() < 6e-3,
            "{interval:?}"
        );
    }
}

#[test]
fn same_change_is_real_only_in_the_larger_sample() {
    let change = nps(66, 42, 12).change_since(nps(50, 30, 20)).unwrap();
    assert_eq!(change.trend(), Trend::Unclear);
    let tenfold = nps(660, 420, 120).change_since(nps(500, 300, 200)).unwrap();
    assert_eq!(tenfold.trend(), Trend::Rose);
    let fall = nps(500, 300, 200).change_since(nps(660, 420, 120)).unwrap();
    assert_eq!(fall.trend(), Trend::Fell);
}

#[test]
fn no_verdict_on_a_change_below_thirty_answers_a_side() {
    let all_happy = nps(200, 0, 0);
    // Significant by the formula, and still not enough people to say so.
    let few = nps(0, 0, 29).change_since(all_happy).unwrap();
    assert!(few.is_significant());
    assert_eq!(few.trend(), Trend::TooFew);
    let enough = nps(0, 0, 30).change_since(all_happy).unwrap();
    assert_eq!(enough.trend(), Trend::Fell);
    assert_eq!(enough.p_value, 0.0);
    assert_eq!(all_happy.change_since(nps(0, 0, 0)), None);
    assert_eq!(all_happy.change_since(all_happy).unwrap().p_value, 1.0);
}

#[test]
fn without_answers_there_is_no_value() {
    let empty = |scale| Histogram::new(scale);
    let nps = Nps::of(&empty(Scale::NPS)).unwrap();
    assert_eq!((nps.value(), nps.interval()), (None, None));
    assert_eq!(nps.reading(), Reading::CountsOnly { n: 0 });
    let csat = Csat::of(&empty(Scale::CSAT)).unwrap();
    assert_eq!((csat.value(), csat.interval()), (None, None));
    let ces = Ces::of(&empty(Scale::CES)).unwrap();
    assert_eq!(
        (ces.mean(), ces.sd(), ces.mean_interval()),
        (None, None, None)
    );
}

#[test]
fn below_ten_answers_only_counts_are_read() {
    let reading = |n| Share::new(n / 2, n).unwrap().reading();
    assert_eq!(reading(9), Reading::CountsOnly { n: 9 });
    assert!(matches!(
        reading(10),
        Reading::Shown {
            n: 10,
            is_small: true,
            ..
        }
    ));
    assert!(matches!(reading(29), Reading::Shown { is_small: true, .. }));
    assert!(matches!(
        reading(30),
        Reading::Shown {
            is_small: false,
            ..
        }
    ));
    assert_eq!(
        [0, 9, 10, 29, 30].map(Sample::of),
        [
            Sample::CountsOnly,
            Sample::CountsOnly,
            Sample::Small,
            Sample::Small,
            Sample::Full
        ]
    );
}

#[test]
fn answer_off_the_scale_is_refused_and_counts_nothing() {
    let mut answers = Histogram::new(Scale::CSAT);
    answers.add(5.0).unwrap();
    for wrong in [
        0.0,
        6.0,
        4.5,
        -1.0,
        1e300,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ] {
        let OffScale { scale, .. } = answers.add(wrong).unwrap_err();
        assert_eq!(scale, Scale::CSAT);
    }
    assert_eq!(answers.n(), 1);
    assert_eq!(answers.bars().last(), Some((5, 1)));
}

#[test]
fn answers_on_different_scales_are_never_pooled() {
    let mut five = histogram(Scale::CSAT, &[1, 0, 0, 0, 9]);
    let before = five.clone();
    assert!(
        five.merge(&histogram(Scale::CES, &[0, 0, 0, 0, 0, 0, 9]))
            .is_err()
    );
    assert_eq!(five, before);
    // The control: the same scale does merge.
    five.merge(&before).unwrap();
    assert_eq!(five.n(), 20);
    assert_eq!(Nps::of(&five), None);
}

#[test]
fn scale_is_read_from_the_points_of_a_rating() {
    assert_eq!(Scale::spanning((0..=10).map(f64::from)), Some(Scale::NPS));
    assert_eq!(Scale::spanning([5.0, 1.0, 3.0]), Some(Scale::CSAT));
    assert_eq!(Scale::spanning([]), None);
    assert_eq!(Scale::spanning([1.0, 2.5]), None);
    assert_eq!(Scale::spanning([1.0, 1e9]), None);
    assert_eq!(Scale::new(i32::MIN, i32::MAX), None);
    assert_eq!(Scale::new(3, 3), None);
    assert_eq!(Histogram::from_counts(Scale::CSAT, vec![1, 2]), None);
}

#[test]
fn figures_stay_finite_where_counts_are_huge() {
    let mut huge = histogram(Scale::NPS, &[u64::MAX; 11]);
    huge.merge(&huge.clone()).unwrap();
    let ces = Ces::of(&huge).unwrap();
    assert!(ces.mean().unwrap().is_finite());
    assert!(Nps::of(&huge).unwrap().value().unwrap().is_finite());
}

proptest! {
    #[test]
    fn interval_of_a_share_contains_it_and_stays_within_bounds(n in 1..5000_u64, part in 0.0..=1.0) {
        let share = Share::new((n as f64 * part) as u64, n).unwrap();
        let interval = share.interval().unwrap();
        prop_assert!(interval.contains(share.percent().unwrap()));
        prop_assert!(0.0 <= interval.low && interval.high <= 100.0);
        prop_assert!(interval.high - interval.low > 0.0);
    }

    #[test]
    fn interval_of_an_nps_stays_within_bounds_and_shrinks_with_n(
        (p, q, d) in (0..400_u64, 0..400_u64, 0..400_u64)
    ) {
        prop_assume!(p + q + d > 0);
        let interval = nps(p, q, d).interval().unwrap();
        prop_assert!(-100.0 <= interval.low && interval.low <= interval.high && interval.high <= 100.0);
        let tenfold = nps(10 * p, 10 * q, 10 * d).interval().unwrap();
        prop_assert!(tenfold.high - tenfold.low <= interval.high - interval.low + 1e-9);
    }

    #[test]
    fn interval_of_an_nps_contains_it(counts in (0..400_u64, 0..400_u64, 0..400_u64)) {
        let nps = nps(counts.0, counts.1, counts.2);
        prop_assume!(nps.n() > 0);
        prop_assert!(nps.interval().unwrap().contains(nps.value().unwrap()));
    }

    #[test]
    fn interval_of_a_mean_contains_it(counts in prop::collection::vec(0..200_u64, 7)) {
        let ces = Ces::of(&histogram(Scale::CES, &counts)).unwrap();
        prop_assume!(ces.n() > 1);
        prop_assert!(ces.mean_interval().unwrap().contains(ces.mean().unwrap()));
        prop_assert!(ces.agree().k() + ces.disagree().k() <= ces.n());
    }

    #[test]
    fn merging_halves_gives_the_whole(answers in prop::collection::vec(0..=10_i32, 0..300), cut in 0..300_usize) {
        let count = |answers: &[i32]| {
            let mut histogram = Histogram::new(Scale::NPS);
            for answer in answers {
                histogram.add(f64::from(*answer)).unwrap();
            }
            histogram
        };
        let (left, right) = answers.split_at(cut.min(answers.len()));
        let mut merged = count(left);
        merged.merge(&count(right)).unwrap();
        prop_assert_eq!(&merged, &count(&answers));
        prop_assert_eq!(Nps::of(&merged).unwrap().n(), answers.len() as u64);
    }
}

#[test]
fn students_t_stands_in_the_tables() {
    // The half width of an interval in standard errors is the quantile.
    for (df, t) in [
        (1, 12.706_205),
        (2, 4.302_653),
        (7, 2.364_624),
        (30, 2.042_272),
        (120, 1.979_930),
    ] {
        let n = df + 1;
        let us: Vec<f64> = (0..n)
            .map(|place| if place % 2 == 0 { 1.0 } else { -1.0 })
            .collect();
        let paired = Paired::of(&us, &vec![0.0; n]).unwrap();
        let error = paired.sd / (n as f64).sqrt();
        let found = (paired.interval.high - paired.mean) / error;
        assert!((found - t).abs() < 1e-5, "{df}: {found}");
    }
}

#[test]
fn what_cannot_be_measured_has_no_figure() {
    assert_eq!(Paired::of(&[1.0], &[2.0]), None);
    assert_eq!(Paired::of(&[1.0, 2.0], &[2.0]), None);
    assert_eq!(Paired::of(&[f64::NAN, 2.0], &[2.0, 1.0]), None);
    assert_eq!(Percentiles::of(&[]), None);
    assert_eq!(Pareto::of(&[]), None);
    assert_eq!(ControlChart::of_shares(&[1], &[0]), None);
    assert_eq!(ControlChart::of_shares(&[2], &[1]), None);
    assert_eq!(ControlChart::of_rates(&[1], &[10], 0), None);
    assert_eq!(Drivers::of(&[], &[]), None);
    assert_eq!(sample_size(0.0, 0.5, None), None);
    assert_eq!(sample_size(0.05, 0.5, Some(0)), None);
    // The control: what can be, has.
    assert_eq!(sample_size(0.05, 0.5, Some(10_000)), Some(370));
    assert_eq!(Percentiles::of(&[5.0, 600.0]).unwrap().median, 302.5);
}

proptest! {
    #[test]
    fn figures_keep_their_order(durations in proptest::collection::vec(0.0..1e6_f64, 1..60)) {
        let times = Percentiles::of(&durations).unwrap();
        prop_assert!(times.median <= times.p90 && times.p90 <= times.max);
        prop_assert!(times.mean <= times.max);
    }

    #[test]
    fn a_paired_difference_turns_with_its_sides(pairs in proptest::collection::vec((0.0..10.0_f64, 0.0..10.0_f64), 2..40)) {
        let (us, them): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let (ours, theirs) = (Paired::of(&us, &them).unwrap(), Paired::of(&them, &us).unwrap());
        prop_assert!((ours.mean + theirs.mean).abs() < 1e-9);
        prop_assert!((ours.interval.low + theirs.interval.high).abs() < 1e-6);
        prop_assert!(ours.interval.contains(ours.mean));
        prop_assert!(!(ours.is_better() && theirs.is_better()));
    }
}
