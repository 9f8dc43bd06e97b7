//! What a wasm module can lose without anybody noticing.

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::{
    CustomSection, EntityType, ExportKind, ExportSection, ImportSection, Module, RawSection,
};
use wasmparser::{Parser, Payload};

use crate::fault::Fault;

/// Where the glue's functions come from, in the main part's imports and in the glue.
const GLUE_MODULE: &str = "./widget_bg.js";
const SHORT_GLUE_MODULE: &str = "w";
/// The section in which `#[wasm_bindgen]` leaves what it has to bind.
const BINDINGS: &str = "__wasm_bindgen_unstable";

/// The linked module without the three JavaScript classes of `wasm-streams`, which Leptos brings and exports whether or
/// not anything makes one: the splitter and the binder then drop all that only they use. About 5 KB brotli.
pub(crate) fn without_unused_streams(wasm: &[u8]) -> Result<Vec<u8>, Fault> {
    let is_used = imports(wasm)?
        .iter()
        .any(|(_, name)| name.starts_with("__wbg_intounderlying"));
    if is_used {
        return Ok(wasm.to_vec());
    }
    rewrite("the linked module", wasm, |payload, module| {
        match payload {
            Payload::ExportSection(exports) => {
                let mut kept = ExportSection::new();
                for export in exports.clone() {
                    let export = export.map_err(text_of)?;
                    if !export.name.contains("intounderlying") {
                        kept.export(export.name, ExportKind::from(export.kind), export.index);
                    }
                }
                module.section(&kept);
            }
            Payload::CustomSection(section) if section.name() == BINDINGS => {
                let data = bindings_without(section.data(), b"IntoUnderlying");
                module.section(&CustomSection {
                    name: BINDINGS.into(),
                    data: data.into(),
                });
            }
            _ => return Ok(false),
        }
        Ok(true)
    })
}

/// The bindings section is a row of pairs, each half with its length before it: which wasm-bindgen wrote it, and what
/// one `#[wasm_bindgen]` item declares. Leaves out the pairs that mention `name`. A row that is cut stays as it is: the
/// binder says what is wrong with it.
fn bindings_without(row: &[u8], name: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut rest = row;
    while !rest.is_empty() {
        let Some((version, declaration, after)) = half(rest).and_then(|(version, rest)| {
            let (declaration, rest) = half(rest)?;
            Some((version, declaration, rest))
        }) else {
            return row.to_vec();
        };
        if !declaration.windows(name.len()).any(|window| window == name) {
            kept.extend_from_slice(version);
            kept.extend_from_slice(declaration);
        }
        rest = after;
    }
    kept
}

/// Splits off one half of a pair, its length included.
fn half(row: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = u32::from_le_bytes(*row.first_chunk::<4>()?);
    row.split_at_checked(usize::try_from(length).ok()?.checked_add(4)?)
}

/// The bound module and its glue with short names between them: the binder's carry 16 random letters each, which no
/// compression shortens, and customers download them twice.
pub(crate) fn with_short_imports(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String), Fault> {
    let names: BTreeSet<String> = imports(wasm)?
        .into_iter()
        .filter(|(module, name)| module == GLUE_MODULE && !glue.contains(&format!("wasm.{name}")))
        .map(|(_, name)| name)
        .collect();
    let short: BTreeMap<&str, String> = names
        .iter()
        .enumerate()
        .map(|(i, name)| (name.as_str(), format!("_{i}")))
        .collect();
    let module = rewrite("the main part", wasm, |payload, module| {
        let Payload::ImportSection(imports) = payload else {
            return Ok(false);
        };
        let mut renamed = ImportSection::new();
        for import in imports.clone().into_imports() {
            let import = import.map_err(text_of)?;
            let (from, name) = match short.get(import.name) {
                Some(short) if import.module == GLUE_MODULE => (SHORT_GLUE_MODULE, short.as_str()),
                _ => (import.module, import.name),
            };
            renamed.import(
                from,
                name,
                EntityType::try_from(import.ty).map_err(text_of)?,
            );
        }
        module.section(&renamed);
        Ok(true)
    })?;
    let glue = glue.replace(
        &format!("\"{GLUE_MODULE}\""),
        &format!("\"{SHORT_GLUE_MODULE}\""),
    );
    Ok((module, with_words_replaced(&glue, &short)))
}

/// `text` with whole identifiers replaced.
fn with_words_replaced(text: &str, words: &BTreeMap<&str, String>) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let is_word = is_part(letter);
        let end = rest
            .find(|letter| is_part(letter) != is_word)
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        out.push_str(words.get(word).map_or(word, String::as_str));
        rest = after;
    }
    out
}

/// The module without names, producers and target features: nothing a browser reads.
pub(crate) fn without_custom_sections(file: &str, wasm: &[u8]) -> Result<Vec<u8>, Fault> {
    rewrite(file, wasm, |payload, _| {
        Ok(matches!(payload, Payload::CustomSection(_)))
    })
}

/// The module and name of each import.
fn imports(wasm: &[u8]) -> Result<Vec<(String, String)>, Fault> {
    let mut all = Vec::new();
    rewrite("the module", wasm, |payload, _| {
        if let Payload::ImportSection(imports) = payload {
            for import in imports.clone().into_imports() {
                let import = import.map_err(text_of)?;
                all.push((import.module.to_owned(), import.name.to_owned()));
            }
        }
        Ok(true)
    })?;
    Ok(all)
}

/// Goes through the sections; each one is copied unless `replace` says that it has taken care of it.
fn rewrite<'wasm>(
    file: &str,
    wasm: &'wasm [u8],
    mut replace: impl FnMut(&Payload<'wasm>, &mut Module) -> Result<bool, String>,
) -> Result<Vec<u8>, Fault> {
    let fault = |cause: String| Fault::Wasm {
        file: file.to_owned(),
        cause,
    };
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| fault(text_of(error)))?;
        let Some((id, range)) = payload.as_section() else {
            continue;
        };
        if replace(&payload, &mut module).map_err(fault)? {
            continue;
        }
        let range = usize::try_from(range.start)
            .ok()
            .zip(usize::try_from(range.end).ok());
        let contents = range
            .and_then(|(start, end)| wasm.get(start..end))
            .ok_or_else(|| fault("a section reaches past the end".to_owned()))?;
        module.section(&RawSection { id, data: contents });
    }
    Ok(module.finish())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands in `map_err`, which gives it away"
)]
fn text_of(error: impl ToString) -> String {
    error.to_string()
}
