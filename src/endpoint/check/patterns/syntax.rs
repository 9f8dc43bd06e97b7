//! Reads a pattern in JavaScript's syntax, without the flags u and v.

/// The highest code unit.
const LAST: u32 = 0xffff;
/// The deepest nesting of groups.
const MAX_DEPTH: usize = 50;
/// Bounds above this are the same to whoever counts ways.
const MAX_COUNT: usize = 100_000;

/// A part of a pattern.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Nothing, or what is only looked at.
    Empty,
    /// What is looked at and may fail.
    Barrier,
    /// The beginning of the text.
    Start,
    /// One letter of these.
    Set(Set),
    /// One behind the other.
    Chain(Vec<Self>),
    /// One of these.
    Choice(Vec<Self>),
    /// So often, without bound where none is given.
    Repeat(Box<Self>, usize, Option<usize>),
}

/// Ranges of code units, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Set(pub Vec<(u32, u32)>);

/// Why a pattern is not read.
#[derive(Clone, Debug)]
pub(super) enum Unread {
    /// Syntax that some of the browsers do not have.
    Newer(&'static str),
    /// What needs the flag u.
    Unicode(String),
    /// Groups in groups.
    TooDeep,
    /// Not from this character on.
    At(usize),
}

/// Reads a pattern: itself, and the patterns that it looks ahead or behind for.
pub(super) fn read(pattern: &str, ignores_case: bool) -> Result<Vec<Node>, Unread> {
    if let Some(astral) = pattern.chars().find(|&letter| u32::from(letter) > LAST) {
        return Err(Unread::Unicode(astral.to_string()));
    }
    let mut reader = Reader {
        letters: pattern.chars().collect(),
        at: 0,
        depth: 0,
        ignores_case,
        looked_for: Vec::new(),
    };
    let node = reader.choice()?;
    if reader.at < reader.letters.len() {
        return Err(Unread::At(reader.at));
    }
    let mut all = vec![node];
    all.append(&mut reader.looked_for);
    Ok(all)
}

struct Reader {
    letters: Vec<char>,
    at: usize,
    depth: usize,
    ignores_case: bool,
    /// What stands in looks ahead and behind.
    looked_for: Vec<Node>,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(letter)
    }

    fn takes(&mut self, text: &str) -> bool {
        let rest = self.letters.get(self.at..).unwrap_or_default();
        let count = text.chars().count();
        let is_next = rest.iter().copied().take(count).eq(text.chars());
        if is_next {
            self.at += count;
        }
        is_next
    }

    fn choice(&mut self) -> Result<Node, Unread> {
        let mut ways = vec![self.chain()?];
        while self.takes("|") {
            ways.push(self.chain()?);
        }
        Ok(match (ways.len(), ways.pop()) {
            (1, Some(only)) => only,
            (_, last) => Node::Choice(ways.into_iter().chain(last).collect()),
        })
    }

    fn chain(&mut self) -> Result<Node, Unread> {
        let mut nodes = Vec::new();
        while let Some(letter) = self.peek() {
            if matches!(letter, '|' | ')') {
                break;
            }
            let node = self.term()?;
            nodes.push(self.repeated(node)?);
        }
        Ok(Node::Chain(nodes))
    }

    fn repeated(&mut self, node: Node) -> Result<Node, Unread> {
        let (least, most) = if self.takes("*") {
            (0, None)
        } else if self.takes("+") {
            (1, None)
        } else if self.takes("?") {
            (0, Some(1))
        } else if let Some(bounds) = self.bounds() {
            bounds
        } else {
            return Ok(node);
        };
        // Whether few or many are tried first makes no difference to how many ways there are.
        self.takes("?");
        Ok(Node::Repeat(Box::new(node), least, most))
    }

    /// `{2}`, `{2,}` or `{2,3}`; anything else is read as it is written.
    fn bounds(&mut self) -> Option<(usize, Option<usize>)> {
        let begin = self.at;
        let bounds = self.read_bounds();
        if bounds.is_none() {
            self.at = begin;
        }
        bounds
    }

    fn read_bounds(&mut self) -> Option<(usize, Option<usize>)> {
        if !self.takes("{") {
            return None;
        }
        let least = self.number()?;
        if self.takes("}") {
            return Some((least, Some(least)));
        }
        if !self.takes(",") {
            return None;
        }
        if self.takes("}") {
            return Some((least, None));
        }
        let most = self.number()?;
        self.takes("}").then_some((least, Some(most)))
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|letter| letter.to_digit(10)) {
            self.at += 1;
            let so_far: usize = number.unwrap_or_default();
            number = Some((so_far * 10 + digit as usize).min(MAX_COUNT));
        }
        number
    }

    fn term(&mut self) -> Result<Node, Unread> {
        let begin = self.at;
        Ok(match self.next() {
            None => Node::Empty,
            Some('^') => Node::Start,
            Some('$') => Node::Barrier,
            Some('(') => self.group()?,
            Some('[') => Node::Set(self.class()?),
            Some('.') => Node::Set(line_ends().complement()),
            Some('\\') => match self.peek() {
                Some('b' | 'B') => {
                    self.at += 1;
                    Node::Empty
                }
                // What an earlier group found.
                Some('1'..='9') => {
                    self.number();
                    Node::Barrier
                }
                Some('k') => {
                    while self.next().is_some_and(|letter| letter != '>') {}
                    Node::Barrier
                }
                _ => {
                    let set = self.escaped()?;
                    Node::Set(self.folded(set))
                }
            },
            Some(letter @ ('*' | '+' | '?')) => {
                let _ = letter;
                return Err(Unread::At(begin));
            }
            Some(letter) => Node::Set(self.folded(Set::of(letter))),
        })
    }

    fn group(&mut self) -> Result<Node, Unread> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Unread::TooDeep);
        }
        let is_look = ["?=", "?!", "?<=", "?<!"]
            .iter()
            .any(|sign| self.takes(sign));
        if !is_look && !self.takes("?:") && self.takes("?") {
            // A name, or what came later: flags for a group, and groups that are never tried again.
            if !self.takes("<") {
                return Err(Unread::Newer(
                    "(?…) other than (?:…), (?=…), (?!…), (?<=…), (?<!…) and (?<name>…)",
                ));
            }
            while self.next().is_some_and(|letter| letter != '>') {}
        }
        let inside = self.choice()?;
        self.depth -= 1;
        if !self.takes(")") {
            return Err(Unread::At(self.at));
        }
        if is_look {
            self.looked_for.push(inside);
            return Ok(Node::Empty);
        }
        Ok(inside)
    }

    fn class(&mut self) -> Result<Set, Unread> {
        let is_other = self.takes("^");
        let mut set = Set::default();
        loop {
            let Some(letter) = self.next() else {
                return Err(Unread::At(self.at));
            };
            if letter == ']' {
                break;
            }
            let from = self.member(letter)?;
            let is_range = self.peek() == Some('-')
                && self
                    .letters
                    .get(self.at + 1)
                    .is_some_and(|&letter| letter != ']');
            match (is_range, from.only()) {
                (true, Some(from)) => {
                    self.at += 1;
                    let Some(letter) = self.next() else {
                        return Err(Unread::At(self.at));
                    };
                    match self.member(letter)?.only() {
                        Some(to) => set.0.push((from, to)),
                        None => set.0.push((from, from)),
                    }
                }
                _ => set.0.extend(from.0),
            }
        }
        let set = self.folded(set.sorted());
        Ok(if is_other { set.complement() } else { set })
    }

    fn member(&mut self, letter: char) -> Result<Set, Unread> {
        if letter != '\\' {
            return Ok(Set::of(letter));
        }
        if self.takes("b") {
            return Ok(Set::of('\u{8}'));
        }
        self.escaped()
    }

    /// What stands for a letter or a class of them behind a backslash.
    fn escaped(&mut self) -> Result<Set, Unread> {
        let begin = self.at;
        let Some(letter) = self.next() else {
            return Err(Unread::At(begin));
        };
        let digits = |reader: &mut Self, count: usize| {
            let hex: String = reader.letters.iter().skip(reader.at).take(count).collect();
            let unit = u32::from_str_radix(&hex, 16).ok();
            let unit = unit.filter(|_| hex.len() == count);
            if unit.is_some() {
                reader.at += count;
            }
            unit
        };
        let rest = self.peek();
        Ok(match letter {
            'd' => Set(vec![(0x30, 0x39)]),
            'D' => Set(vec![(0x30, 0x39)]).complement(),
            'w' => words(),
            'W' => words().complement(),
            's' => blanks(),
            'S' => blanks().complement(),
            't' => Set::of('\t'),
            'n' => Set::of('\n'),
            'r' => Set::of('\r'),
            'v' => Set::of('\u{b}'),
            'f' => Set::of('\u{c}'),
            '0' => Set::of('\0'),
            'c' => match self.next() {
                Some(control) => Set::unit(u32::from(control) % 32),
                None => Set::of('\\'),
            },
            'x' => digits(self, 2).map_or(Set::of('x'), Set::unit),
            'p' | 'P' if rest == Some('{') => {
                return Err(Unread::Unicode(["\\", &letter.to_string(), "{…}"].concat()));
            }
            'u' if rest == Some('{') => return Err(Unread::Unicode("\\u{…}".to_owned())),
            'u' => digits(self, 4).map_or(Set::of('u'), Set::unit),
            other => Set::of(other),
        })
    }

    /// The letters in the other case, too, where case is ignored.
    fn folded(&self, set: Set) -> Set {
        if !self.ignores_case {
            return set;
        }
        let mut folded = set.clone();
        for &(from, to) in &set.0 {
            for (low, high, shift) in [(0x41, 0x5a, 32_i64), (0x61, 0x7a, -32)] {
                let (from, to) = (from.max(low), to.min(high));
                let shifted = |unit: u32| (i64::from(unit) + shift) as u32;
                if from <= to {
                    folded.0.push((shifted(from), shifted(to)));
                }
            }
        }
        folded.sorted()
    }
}

fn words() -> Set {
    Set(vec![(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)])
}

fn blanks() -> Set {
    Set(vec![
        (0x9, 0xd),
        (0x20, 0x20),
        (0xa0, 0xa0),
        (0x1680, 0x1680),
        (0x2000, 0x200a),
        (0x2028, 0x2029),
        (0x202f, 0x202f),
        (0x205f, 0x205f),
        (0x3000, 0x3000),
        (0xfeff, 0xfeff),
    ])
}

fn line_ends() -> Set {
    Set(vec![(0xa, 0xa), (0xd, 0xd), (0x2028, 0x2029)])
}

impl Set {
    fn of(letter: char) -> Self {
        Self::unit(u32::from(letter))
    }

    fn unit(unit: u32) -> Self {
        Self(vec![(unit, unit)])
    }

    /// The only letter in it.
    fn only(&self) -> Option<u32> {
        match self.0.as_slice() {
            [(from, to)] if from == to => Some(*from),
            _ => None,
        }
    }

    /// Its ranges in order, none touching another.
    fn sorted(mut self) -> Self {
        self.0.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::new();
        for (from, to) in self.0 {
            match merged.last_mut() {
                Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        Self(merged)
    }

    fn complement(self) -> Self {
        let mut rest = Vec::new();
        let mut next = 0;
        for (from, to) in self.sorted().0 {
            if from > next {
                rest.push((next, from - 1));
            }
            next = to + 1;
        }
        if next <= LAST {
            rest.push((next, LAST));
        }
        Self(rest)
    }

    pub(super) fn has(&self, unit: u32) -> bool {
        self.0.iter().any(|&(from, to)| (from..=to).contains(&unit))
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        let mut others = other.0.iter();
        others.any(|&(from, to)| self.0.iter().any(|&(own, end)| own <= to && from <= end))
    }
}
