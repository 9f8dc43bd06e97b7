//! What leads to what and back: strongly connected components.

/// The components that are loops: whatever is in one leads to all that is in it.
pub(super) fn loops(next: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut all = components_in_order(next, &|_| true);
    all.retain(|component| is_loop(component, next));
    all
}

/// Whether a component leads back to itself.
pub(super) fn is_loop(component: &[usize], next: &[Vec<usize>]) -> bool {
    component.len() > 1
        || component
            .iter()
            .any(|place| next.get(*place).is_some_and(|list| list.contains(place)))
}

/// The strongly connected components of the places that `takes` names, each behind those it leads to (Kosaraju).
pub(super) fn components_in_order(
    next: &[Vec<usize>],
    takes: &dyn Fn(usize) -> bool,
) -> Vec<Vec<usize>> {
    let count = next.len();
    let mut before = vec![Vec::new(); count];
    for (from, list) in next.iter().enumerate() {
        for &to in list {
            if let Some(before) = before.get_mut(to) {
                before.push(from);
            }
        }
    }
    // Along the reversed edges, so that what is finished last leads nowhere else.
    let order = finished(&before, takes);
    let mut seen = vec![false; count];
    let mut all = Vec::new();
    for &root in order.iter().rev() {
        let mut component = Vec::new();
        let mut open = vec![root];
        while let Some(place) = open.pop() {
            match seen.get_mut(place) {
                Some(seen) if !*seen && takes(place) => *seen = true,
                _ => continue,
            }
            component.push(place);
            open.extend(next.get(place).into_iter().flatten());
        }
        if !component.is_empty() {
            all.push(component);
        }
    }
    all
}

/// The places in the order in which a search in depth is done with them.
fn finished(next: &[Vec<usize>], takes: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let mut seen = vec![false; next.len()];
    let mut order = Vec::new();
    for root in 0..next.len() {
        let mut open = vec![(root, false)];
        while let Some((place, is_done)) = open.pop() {
            if is_done {
                order.push(place);
                continue;
            }
            match seen.get_mut(place) {
                Some(seen) if !*seen && takes(place) => *seen = true,
                _ => continue,
            }
            open.push((place, true));
            open.extend(next.get(place).into_iter().flatten().map(|&to| (to, false)));
        }
    }
    order
}
