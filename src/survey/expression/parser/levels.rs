//! The binary operators, as they are spelt and by how tightly they bind.

use super::Operator;

/// The binary operators by precedence, loosest first; the first spelling that fits is taken.
pub(super) const LEVELS: &[&[(&str, Operator)]] = &[
    &[("||", Operator::Or), ("or", Operator::Or)],
    &[("&&", Operator::And), ("and", Operator::And)],
    &[
        ("<=", Operator::LessOrEqual),
        ("lessorequal", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("greaterorequal", Operator::GreaterOrEqual),
        ("==", Operator::Equal),
        ("equal", Operator::Equal),
        ("=", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("notequal", Operator::NotEqual),
        ("<", Operator::Less),
        ("less", Operator::Less),
        (">", Operator::Greater),
        ("greater", Operator::Greater),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[
        ("*", Operator::Times),
        ("/", Operator::Divide),
        ("%", Operator::Remainder),
    ],
    &[("^", Operator::Power), ("power", Operator::Power)],
    TIGHTEST,
];

const TIGHTEST: &[(&str, Operator)] = &[
    ("*=", Operator::Contains),
    ("contains", Operator::Contains),
    ("contain", Operator::Contains),
    ("notcontains", Operator::NotContains),
    ("notcontain", Operator::NotContains),
    ("anyof", Operator::AnyOf),
    ("allof", Operator::AllOf),
    ("noneof", Operator::NoneOf),
];
