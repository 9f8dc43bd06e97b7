//! Takes out of the linked module what a dependency exports and nobody here calls.
//!
//! Leptos always links `wasm-streams`, for server functions that a widget has none of. Its exports keep their whole
//! call tree alive. Without them the splitter, which follows relocations, leaves all of it out.

use wasm_encoder::{CustomSection, ExportKind, ExportSection, Module, RawSection};
use wasmparser::{ExternalKind, Parser, Payload};

use crate::fault::Fault;

/// In the names of everything that `wasm-streams` exports, and in its descriptions for the binder.
const UNUSED: &str = "intounderlying";
/// Where the binder finds descriptions of exports: pairs of version and program, each with its length before it.
const DESCRIPTIONS: &str = "__wasm_bindgen_unstable";

/// The module without those exports and their descriptions.
pub(crate) fn without_unused_exports(linked: &[u8]) -> Result<Vec<u8>, Fault> {
    let fault = |cause: String| Fault::Wasm {
        file: "the linked module".to_owned(),
        cause,
    };
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(linked) {
        let payload = payload.map_err(|error| fault(error.to_string()))?;
        match &payload {
            Payload::ExportSection(exports) => {
                let mut kept = ExportSection::new();
                for export in exports.clone() {
                    let export = export.map_err(|error| fault(error.to_string()))?;
                    let kind = match export.kind {
                        ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
                        ExternalKind::Table => ExportKind::Table,
                        ExternalKind::Memory => ExportKind::Memory,
                        ExternalKind::Global => ExportKind::Global,
                        ExternalKind::Tag => ExportKind::Tag,
                    };
                    if !export.name.contains(UNUSED) {
                        kept.export(export.name, kind, export.index);
                    }
                }
                module.section(&kept);
            }
            Payload::CustomSection(section) if section.name() == DESCRIPTIONS => {
                let data = used_descriptions(section.data())
                    .ok_or_else(|| fault(format!("{DESCRIPTIONS} ends too early")))?;
                module.section(&CustomSection {
                    name: DESCRIPTIONS.into(),
                    data: data.into(),
                });
            }
            other => {
                let Some((id, range)) = other.as_section() else {
                    continue;
                };
                let range = usize::try_from(range.start)
                    .ok()
                    .zip(usize::try_from(range.end).ok());
                let data = range
                    .and_then(|(start, end)| linked.get(start..end))
                    .ok_or_else(|| fault("a section reaches past the end".to_owned()))?;
                module.section(&RawSection { id, data });
            }
        }
    }
    Ok(module.finish())
}

fn used_descriptions(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    while !rest.is_empty() {
        let (version, after) = chunk(rest)?;
        let (program, after) = chunk(after)?;
        let is_unused = program
            .windows(UNUSED.len())
            .any(|window| window.eq_ignore_ascii_case(UNUSED.as_bytes()));
        if !is_unused {
            for part in [version, program] {
                kept.extend(u32::try_from(part.len()).ok()?.to_le_bytes());
                kept.extend(part);
            }
        }
        rest = after;
    }
    Some(kept)
}

/// The next chunk without its length, and what follows it.
fn chunk(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = data.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}
