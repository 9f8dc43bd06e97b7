//! Movement that nobody asked for: what the browser itself counts as layout shift.

use crate::page::Page;

/// Starts to count; shifts right after a tap count, too, because that is when a person looks.
pub(crate) fn watch(page: &Page<'_>) {
    page.browser.run(
        r#"globalThis.__shifts = [];
        const name = (s) => s.node?.className || s.node?.localName || "something";
        const note = (list) => list.getEntries().forEach((e) => __shifts.push(`${e.value.toFixed(4)} ${e.sources.map(name)}`));
        globalThis.__observer = new PerformanceObserver(note);
        __observer.observe({ type: "layout-shift" });"#,
        &[],
    );
}

/// What has shifted since `watch`: value and names of what moved.
pub(crate) fn seen(page: &Page<'_>) -> Vec<String> {
    // Entries come with the frame after the one that shifted.
    let script = r#"
        for (const e of __observer.takeRecords()) __shifts.push(`${e.value.toFixed(4)} late`);
        return __shifts"#;
    let shifts = page.browser.run(script, &[]);
    shifts
        .as_array()
        .map(|list| {
            list.iter()
                .map(|shift| shift.as_str().unwrap_or_default().to_owned())
                .collect()
        })
        .unwrap_or_default()
}
