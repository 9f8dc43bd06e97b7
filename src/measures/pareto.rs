//! The few causes that make most complaints.

/// How many complaints a category has, by severity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name; `other` is no cause and stands last.
    pub name: String,
    /// Critical ones.
    pub critical: u64,
    /// Major ones.
    pub major: u64,
    /// Minor ones.
    pub minor: u64,
}

impl Category {
    /// All of them.
    pub fn count(&self) -> u64 {
        self.critical + self.major + self.minor
    }

    /// By severity: 9 for a critical one, 3 for a major one, 1 for a minor one.
    pub fn weight(&self) -> u64 {
        9 * self.critical + 3 * self.major + self.minor
    }

    fn is_other(&self) -> bool {
        self.name == "other"
    }
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The category.
    pub category: Category,
    /// Its share of all, in percent.
    pub percent: f64,
    /// Its share with those of all rows above.
    pub cumulative: f64,
}

/// Categories by how often they are complained about.
#[derive(Debug, Clone, PartialEq)]
pub struct Pareto {
    /// All complaints.
    pub total: u64,
    /// The categories: most first, then by weight, then by name; `other` last.
    pub rows: Vec<Row>,
    /// The names by weight, then by count, then by name; `other` last.
    pub by_weight: Vec<String>,
    /// So many rows from the top reach 80 %; nothing where `other` is too large to say.
    pub vital_few: Option<usize>,
}

impl Pareto {
    /// Of these categories. `None` without complaints.
    ///
    /// Source: J. M. Juran, *Quality Control Handbook* (1951): the vital few reach 80 %. Where more than a fifth is
    /// `other`, the categories do not fit and must be drawn anew first.
    pub fn of(categories: &[Category]) -> Option<Self> {
        let total: u64 = categories.iter().map(Category::count).sum();
        if total == 0 {
            return None;
        }
        let mut sorted = categories.to_vec();
        sorted.sort_by(|a, b| {
            let by_number = (b.count(), b.weight()).cmp(&(a.count(), a.weight()));
            a.is_other()
                .cmp(&b.is_other())
                .then(by_number)
                .then_with(|| a.name.cmp(&b.name))
        });
        let mut by_weight: Vec<&Category> = categories.iter().collect();
        by_weight.sort_by(|a, b| {
            let by_number = (b.weight(), b.count()).cmp(&(a.weight(), a.count()));
            a.is_other()
                .cmp(&b.is_other())
                .then(by_number)
                .then_with(|| a.name.cmp(&b.name))
        });
        let by_weight = by_weight
            .iter()
            .map(|category| category.name.clone())
            .collect();
        let other: u64 = categories
            .iter()
            .filter(|it| it.is_other())
            .map(Category::count)
            .sum();
        let (mut so_far, mut vital_few) = (0, None);
        let mut rows = Vec::new();
        for category in sorted {
            so_far += category.count();
            let percent = |part: u64| 100.0 * part as f64 / total as f64;
            rows.push(Row {
                percent: percent(category.count()),
                cumulative: percent(so_far),
                category,
            });
            // In whole numbers: four fifths are none in binary.
            if vital_few.is_none() && so_far * 5 >= total * 4 {
                vital_few = Some(rows.len());
            }
        }
        Some(Self {
            total,
            rows,
            by_weight,
            vital_few: vital_few.filter(|_| other * 5 <= total),
        })
    }
}
