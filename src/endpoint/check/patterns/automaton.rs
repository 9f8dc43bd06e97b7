//! A pattern as positions that follow each other (Glushkov's automaton), and in how many ways a text can go through it.
//!
//! Ambiguity of a loop is decided on pairs of positions that the same text leads to (Weber and Seidl, *On the degree of
//! ambiguity of finite automata*, 1991): where such a pair parts and meets again within a loop, the ways double with every
//! turn. Loops one behind the other are counted along each letter that all of them take.

use std::collections::HashMap;

use super::super::graph::{components_in_order, is_loop, loops};
use super::syntax::{Node, Set};

/// The most positions, and the most pairs that follow each other.
const MAX_POSITIONS: usize = 2_000;
const MAX_PAIRS: usize = 200_000;
/// The largest loop whose pairs are looked at.
const MAX_LOOP: usize = 250;

/// In how many ways a text of n letters can be tried at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ways {
    /// More than any power of n.
    Exponential,
    /// About n to the power of this.
    Degree(usize),
}

/// The positions of a pattern.
#[derive(Debug, Default)]
pub(super) struct Automaton {
    /// What each takes; nothing for one that only looks.
    sets: Vec<Set>,
    /// Which follow which, and in how many ways, counted up to two.
    follow: HashMap<(usize, usize), usize>,
    first: Vec<(usize, usize)>,
    last: Vec<(usize, usize)>,
    is_anchored: bool,
}

/// A part of a pattern: where it begins and ends, each with the number of ways, and in how many ways it is empty.
#[derive(Clone, Debug, Default)]
struct Part {
    first: Vec<(usize, usize)>,
    last: Vec<(usize, usize)>,
    empty: usize,
}

impl Automaton {
    /// The automaton of a pattern; nothing where it is too large.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let mut automaton = Self::default();
        let part = automaton.part(node)?;
        automaton.is_anchored = is_anchored(node);
        automaton.first = part.first;
        automaton.last = part.last;
        Some(automaton)
    }

    fn part(&mut self, node: &Node) -> Option<Part> {
        Some(match node {
            Node::Empty | Node::Start => empty(),
            Node::Barrier => self.position(Set::default())?,
            Node::Set(set) => self.position(set.clone())?,
            Node::Chain(nodes) => {
                let mut whole = empty();
                for node in nodes {
                    let next = self.part(node)?;
                    whole = self.behind(&whole, &next)?;
                }
                whole
            }
            Node::Choice(nodes) => {
                let mut whole = Part::default();
                for node in nodes {
                    let way = self.part(node)?;
                    whole.first.extend(way.first);
                    whole.last.extend(way.last);
                    whole.empty = (whole.empty + way.empty).min(2);
                }
                whole
            }
            Node::Repeat(node, least, most) => self.repeat(node, *least, *most)?,
        })
    }

    fn position(&mut self, set: Set) -> Option<Part> {
        let place = self.sets.len();
        if place >= MAX_POSITIONS {
            return None;
        }
        self.sets.push(set);
        Some(Part {
            first: vec![(place, 1)],
            last: vec![(place, 1)],
            empty: 0,
        })
    }

    fn repeat(&mut self, node: &Node, least: usize, most: Option<usize>) -> Option<Part> {
        if least > MAX_POSITIONS || most.is_some_and(|most| most > MAX_POSITIONS) {
            return None;
        }
        let mut whole = empty();
        // The last of those that must be there goes on without bound.
        let copies = if most.is_none() {
            least.saturating_sub(1)
        } else {
            least
        };
        for _ in 0..copies {
            let next = self.part(node)?;
            whole = self.behind(&whole, &next)?;
        }
        match most {
            None => {
                let mut turn = self.part(node)?;
                self.link(&turn.last.clone(), &turn.first.clone())?;
                if least == 0 {
                    // A turn that takes nothing is none.
                    turn.empty = 1;
                }
                self.behind(&whole, &turn)
            }
            Some(most) => {
                // Each of those that may be there needs the one before: a(a(a)?)?.
                let mut turns = Vec::new();
                for _ in least..most {
                    turns.push(self.part(node)?);
                }
                let mut rest = empty();
                for turn in turns.iter().rev() {
                    rest = self.behind(turn, &rest)?;
                    rest.empty = 1;
                }
                self.behind(&whole, &rest)
            }
        }
    }

    fn behind(&mut self, left: &Part, right: &Part) -> Option<Part> {
        self.link(&left.last, &right.first)?;
        let through = |ends: &[(usize, usize)], ways: usize| -> Vec<(usize, usize)> {
            let ends = ends.iter().filter(|_| ways > 0);
            ends.map(|&(place, own)| (place, (own * ways).min(2)))
                .collect()
        };
        Some(Part {
            first: [left.first.clone(), through(&right.first, left.empty)].concat(),
            last: [right.last.clone(), through(&left.last, right.empty)].concat(),
            empty: (left.empty * right.empty).min(2),
        })
    }

    fn link(&mut self, from: &[(usize, usize)], to: &[(usize, usize)]) -> Option<()> {
        for &(left, ways) in from {
            for &(right, others) in to {
                let count = self.follow.entry((left, right)).or_default();
                *count = (*count + ways * others).min(2);
            }
        }
        (self.follow.len() <= MAX_PAIRS).then_some(())
    }

    /// In how many ways a text can go through it.
    pub(super) fn ways(&self) -> Ways {
        let mut next = vec![Vec::new(); self.sets.len()];
        for &(from, to) in self.follow.keys() {
            if let Some(list) = next.get_mut(from) {
                list.push(to);
            }
        }
        for component in loops(&next) {
            if component.len() > MAX_LOOP || self.doubles(&component, &next) {
                return Ways::Exponential;
            }
        }
        let mut units: Vec<u32> = self
            .sets
            .iter()
            .flat_map(|set| set.0.iter().map(|range| range.0))
            .collect();
        units.sort_unstable();
        units.dedup();
        let degrees = units.into_iter().map(|unit| self.degree(unit, &next));
        let degree = degrees.max().unwrap_or_default();
        // Every letter is a beginning where the pattern is not bound to the first.
        Ways::Degree(degree + usize::from(degree > 0 && !self.is_anchored))
    }

    /// Whether the same text can go through a loop in two ways.
    fn doubles(&self, component: &[usize], next: &[Vec<usize>]) -> bool {
        let place_of: HashMap<usize, usize> = component
            .iter()
            .enumerate()
            .map(|(place, &position)| (position, place))
            .collect();
        let steps: Vec<Vec<usize>> = component
            .iter()
            .map(|&position| {
                let list = next.get(position).into_iter().flatten();
                list.filter_map(|to| place_of.get(to).copied()).collect()
            })
            .collect();
        let is_double = component.iter().zip(&steps).any(|(&from, steps)| {
            steps
                .iter()
                .filter_map(|&step| component.get(step))
                .any(|&to| self.follow.get(&(from, to)).is_some_and(|&ways| ways > 1))
        });
        if is_double {
            return true;
        }
        let size = component.len();
        let sets: Vec<&Set> = component
            .iter()
            .filter_map(|&position| self.sets.get(position))
            .collect();
        let meets = |a: usize, b: usize| match (sets.get(a), sets.get(b)) {
            (Some(a), Some(b)) => a.meets(b),
            _ => false,
        };
        // Forward from pairs of the same position; each pair with those it was reached from.
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); size * size];
        let mut seen = vec![false; size * size];
        let mut open: Vec<usize> = (0..size).map(|place| place * size + place).collect();
        for &pair in &open {
            if let Some(seen) = seen.get_mut(pair) {
                *seen = true;
            }
        }
        while let Some(pair) = open.pop() {
            let (a, b) = (pair / size, pair % size);
            for &to_a in steps.get(a).into_iter().flatten() {
                for &to_b in steps.get(b).into_iter().flatten() {
                    if !meets(to_a, to_b) {
                        continue;
                    }
                    let to = to_a * size + to_b;
                    if let Some(list) = before.get_mut(to) {
                        list.push(pair);
                    }
                    if seen.get(to) == Some(&false) {
                        if let Some(seen) = seen.get_mut(to) {
                            *seen = true;
                        }
                        open.push(to);
                    }
                }
            }
        }
        // Backward from the same pairs: one that parted and comes back is a second way.
        let mut back = vec![false; size * size];
        let mut open: Vec<usize> = (0..size).map(|place| place * size + place).collect();
        while let Some(pair) = open.pop() {
            for &from in before.get(pair).into_iter().flatten() {
                if from / size != from % size {
                    return true;
                }
                if back.get(from) == Some(&false) {
                    if let Some(back) = back.get_mut(from) {
                        *back = true;
                    }
                    open.push(from);
                }
            }
        }
        false
    }

    /// How many loops one behind the other take a letter, before the pattern is found.
    fn degree(&self, unit: u32, next: &[Vec<usize>]) -> usize {
        let takes = |place: usize| self.sets.get(place).is_some_and(|set| set.has(unit));
        let all = components_in_order(next, &takes);
        // Components come behind those that they lead to.
        let mut component_of = HashMap::new();
        // (loops from here on, whether the pattern can be found by more of the same letter).
        let mut known: Vec<(usize, bool)> = Vec::new();
        let mut most = 0;
        for (number, component) in all.iter().enumerate() {
            let mut count = 0;
            let mut is_found = false;
            for &position in component {
                component_of.insert(position, number);
            }
            for &position in component {
                is_found |= self.last.iter().any(|&(last, _)| last == position);
                for to in next.get(position).into_iter().flatten() {
                    let behind = component_of.get(to).filter(|&&other| other != number);
                    if let Some(&(others, found)) = behind.and_then(|&other| known.get(other)) {
                        count = count.max(others);
                        is_found |= found;
                    }
                }
            }
            count += usize::from(is_loop(component, next));
            known.push((count, is_found));
            if !is_found {
                most = most.max(count);
            }
        }
        most
    }
}

fn empty() -> Part {
    Part {
        empty: 1,
        ..Part::default()
    }
}

/// Whether a pattern is only looked for at the beginning.
fn is_anchored(node: &Node) -> bool {
    match node {
        Node::Start => true,
        Node::Chain(nodes) => {
            let mut nodes = nodes.iter().skip_while(|node| matches!(node, Node::Empty));
            nodes.next().is_some_and(is_anchored)
        }
        Node::Choice(nodes) => nodes.iter().all(is_anchored),
        Node::Repeat(node, least, _) => *least > 0 && is_anchored(node),
        Node::Empty | Node::Barrier | Node::Set(_) => false,
    }
}
