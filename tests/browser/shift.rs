//! Movement that nobody asked for: what the browser itself counts as layout shift.

use serde_json::Value;

use crate::page::Page;

/// Counts from here on; shifts right after a tap count, too, because that is when a person looks. The one change that is
/// drawn so does not: the way forward makes room for the way back, and keeps its height, its place and its far edge.
const WATCH: &str = r#"
    globalThis.__shifts = [];
    const at = (r) => `${r.x},${r.y} ${r.width}×${r.height}`;
    const makesRoom = ({ previousRect: a, currentRect: b }) => a.y === b.y && a.height === b.height && a.right === b.right;
    const told = (s) => `${s.node?.className || s.node?.localName || "something"} from ${at(s.previousRect)} to ${at(s.currentRect)}`;
    globalThis.__note = (entries) => {
      for (const entry of entries)
        if (!entry.sources.length || !entry.sources.every(makesRoom)) __shifts.push(`${entry.value.toFixed(4)} ${entry.sources.map(told)}`);
    };
    globalThis.__observer = new PerformanceObserver((list) => __note(list.getEntries()));
    __observer.observe({ type: "layout-shift" });"#;

/// Starts to count.
pub(crate) fn watch(page: &Page<'_>) {
    page.browser.run(WATCH, &[]);
}

/// What has shifted since `watch`: value, and what moved from where to where.
pub(crate) fn seen(page: &Page<'_>) -> Vec<String> {
    let shifts = page
        .browser
        .run("__note(__observer.takeRecords()); return __shifts", &[]);
    let shifts = shifts.as_array().map(Vec::as_slice).unwrap_or_default();
    shifts
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
