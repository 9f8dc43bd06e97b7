//! Every measure beside values that independent programs computed, to 1e-6.

use qingting::measures::{
    Category, Ces, ControlChart, Drivers, Histogram, Interval, Nps, Paired, Pareto, Percentiles,
    Quadrant, Scale, Share, sample_size,
};
use serde_json::{Value, json};

const TOLERANCE: f64 = 1e-6;

/// Whether what we say is what the case says. What only the case has is input; what only we have is ours.
fn agrees(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(ours), Value::Number(theirs)) => {
            (ours.as_f64().unwrap() - theirs.as_f64().unwrap()).abs() <= TOLERANCE
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| agrees(a, b))
        }
        (Value::Object(ours), Value::Object(_)) => {
            ours.iter().all(|(key, part)| agrees(part, &theirs[key]))
        }
        (ours, theirs) => ours == theirs,
    }
}

fn interval(interval: Option<Interval>) -> Value {
    interval.map_or(Value::Null, |interval| json!([interval.low, interval.high]))
}

fn counts(value: &Value) -> Vec<u64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_u64().unwrap())
        .collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_f64().unwrap())
        .collect()
}

fn nps(value: &Value) -> Nps {
    let counts = counts(value);
    Nps {
        promoters: counts[0],
        passives: counts[1],
        detractors: counts[2],
    }
}

fn share(share: Share) -> Value {
    json!({ "k": share.k(), "n": share.n(), "percent": share.percent(), "interval": interval(share.interval()) })
}

fn of_ces(case: &Value) -> Value {
    let ces =
        Ces::of(&Histogram::from_counts(Scale::CES, counts(&case["counts"])).unwrap()).unwrap();
    json!({ "n": ces.n(), "mean": ces.mean(), "sd": ces.sd(), "mean_interval": interval(ces.mean_interval()),
        "agree": share(ces.agree()), "disagree": share(ces.disagree()) })
}

fn of_change(case: &Value) -> Value {
    let Some(change) = nps(&case["after"]).change_since(nps(&case["before"])) else {
        return json!({ "change": null });
    };
    json!({ "change": change.change, "standard_error": change.standard_error, "z": change.z,
        "p_value": change.p_value, "interval": interval(Some(change.interval)), "significant": change.is_significant() })
}

fn of_pareto(case: &Value) -> Value {
    let categories = case["critical_major_minor"].as_object().unwrap().iter();
    let categories: Vec<Category> = categories
        .map(|(name, by)| {
            let by = counts(by);
            Category {
                name: name.clone(),
                critical: by[0],
                major: by[1],
                minor: by[2],
            }
        })
        .collect();
    let pareto = Pareto::of(&categories).unwrap();
    let rows: Vec<Value> = pareto
        .rows
        .iter()
        .map(|row| {
            json!({ "category": row.category.name, "count": row.category.count(), "percent": row.percent,
                "cumulative": row.cumulative, "weight": row.category.weight() })
        })
        .collect();
    json!({ "total": pareto.total, "rows": rows, "by_weight": pareto.by_weight, "vital_few": pareto.vital_few,
        "advice": pareto.vital_few.is_none().then_some("recategorise") })
}

fn chart(chart: Option<ControlChart>) -> Value {
    let chart = chart.unwrap();
    let limits: Vec<Value> = chart.limits.iter().map(|it| interval(Some(*it))).collect();
    json!({ "centre": chart.centre, "limits": limits, "signals": chart.signals })
}

fn of_drivers(case: &Value) -> Value {
    let all = case["answers"].as_object().unwrap();
    let answers: Vec<(&String, Vec<f64>)> = all
        .iter()
        .map(|(name, ratings)| (name, numbers(ratings)))
        .collect();
    let (overall, aspects): (Vec<_>, Vec<_>) =
        answers.iter().partition(|(name, _)| *name == "overall");
    let aspects: Vec<(&str, &[f64])> = aspects
        .iter()
        .map(|(name, ratings)| (name.as_str(), ratings.as_slice()))
        .collect();
    let found = Drivers::of(&overall[0].1, &aspects).unwrap();
    let mut drivers = serde_json::Map::new();
    for driver in &found.drivers {
        let quadrant = driver.quadrant.map(|quadrant| match quadrant {
            Quadrant::Focus => "focus",
            Quadrant::Promote => "promote",
            Quadrant::Maintain => "maintain",
            Quadrant::Monitor => "monitor",
        });
        drivers.insert(
            driver.name.clone(),
            json!({ "importance": driver.importance, "performance": driver.performance, "quadrant": quadrant }),
        );
    }
    json!({ "median_importance": found.median_importance, "median_performance": found.median_performance, "drivers": drivers })
}

fn of_paired(case: &Value) -> Value {
    let paired = Paired::of(&numbers(&case["us"]), &numbers(&case["them"])).unwrap();
    json!({ "mean_difference": paired.mean, "sd": paired.sd, "t": paired.t, "df": paired.df,
        "interval": interval(Some(paired.interval)), "better": paired.is_better() })
}

fn ours(measure: &str, case: &Value) -> Value {
    let number = |key: &str| case[key].as_u64().unwrap();
    match measure {
        "nps" => {
            let nps = Nps {
                promoters: number("promoters"),
                passives: number("passives"),
                detractors: number("detractors"),
            };
            json!({ "n": nps.n(), "nps": nps.value(), "interval": interval(nps.interval()) })
        }
        "nps_change" => of_change(case),
        "share" => share(Share::new(number("k"), number("n")).unwrap()),
        "ces" => of_ces(case),
        "sample_size" => {
            let part = |key: &str| case[key].as_f64().unwrap();
            let needed = sample_size(part("margin"), part("share"), case["population"].as_u64());
            json!({ "answers_needed": needed })
        }
        "pareto" => of_pareto(case),
        "p_chart" => chart(ControlChart::of_shares(
            &counts(&case["defectives"]),
            &counts(&case["sizes"]),
        )),
        "u_chart" => {
            let baseline = number("baseline") as usize;
            chart(ControlChart::of_rates(
                &counts(&case["counts"]),
                &counts(&case["units"]),
                baseline,
            ))
        }
        "drivers" => of_drivers(case),
        "paired" => of_paired(case),
        "percentiles" => {
            let times = Percentiles::of(&numbers(&case["minutes"])).unwrap();
            json!({ "mean": times.mean, "median": times.median, "p90": times.p90, "max": times.max })
        }
        other => panic!("a measure that is not known: {other}"),
    }
}

#[test]
fn measures_are_those_of_independent_programs() {
    let Some(set) = super::vectors("measures.json") else {
        return;
    };
    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    for (measure, cases) in set.as_object().unwrap() {
        for case in cases.as_array().into_iter().flatten() {
            all += 1;
            let ours = ours(measure, case);
            if agrees(&ours, case) {
                right += 1;
            } else {
                wrong.push(format!("{measure}: {ours} for {case}"));
            }
        }
    }
    println!("measures {right} of {all}");
    assert!(all > 0 && wrong.is_empty(), "{}", wrong.join("\n"));
}
