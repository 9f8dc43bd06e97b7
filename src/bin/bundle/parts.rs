//! Which of the splitter's modules go into one file, and the script that loads them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    fault::Fault,
    fuse,
    site::{File, Load},
};

/// What the splitter calls a part's own module, before the part's name.
const OWN: &str = "split_";
/// The part that all of these need first: what they share with it, and no other part has, is in its file.
const BASE: &str = "engine";
const ABOVE_BASE: [&str; 2] = ["delivery", "functions"];
/// Where all else goes that is small.
const SHARED: &str = "shared";
/// A module of more bytes has a file of its own: it is not loaded by a part that has no use for it.
const SMALL: usize = 5_000;

/// A module as the splitter made it: its name without an ending, and what is in it.
pub(crate) type Module = (String, Vec<u8>);

/// Which modules each part needs, its own at the end.
pub(crate) type Needs = BTreeMap<String, Vec<String>>;

/// The files of all parts, and the script that loads them.
pub(crate) fn files(modules: &[Module], needs: &Needs) -> Result<(Vec<File>, String), Fault> {
    let mut groups: BTreeMap<String, Vec<&[u8]>> = BTreeMap::new();
    let mut file_of: BTreeMap<&str, String> = BTreeMap::new();
    for (module, wasm) in modules {
        // Alone it is what it weighs without the types that it does not use.
        let alone = fuse::fused(module, &[wasm.as_slice()])?;
        let users: BTreeSet<&str> = needs
            .iter()
            .filter(|(_, modules)| modules.contains(module))
            .map(|(part, _)| part.as_str())
            .collect();
        let file = file_for(module, &users, alone.len());
        groups.entry(file.clone()).or_default().push(wasm);
        file_of.insert(module, file);
    }
    let mut files = Vec::new();
    for (name, modules) in &groups {
        files.push(File {
            name: format!("{name}.wasm"),
            bytes: fuse::fused(name, modules)?,
            load: Load::Part,
        });
    }
    let needs = needs.iter().map(|(part, modules)| {
        let files: BTreeSet<&str> = modules
            .iter()
            .filter_map(|module| file_of.get(module.as_str()).map(String::as_str))
            .collect();
        (part.as_str(), files)
    });
    Ok((files, script(needs)))
}

/// The name of the file that a module goes into.
fn file_for(module: &str, users: &BTreeSet<&str>, bytes: usize) -> String {
    let is_base = |part: &&str| *part == BASE || ABOVE_BASE.contains(part);
    if let Some(part) = module.strip_prefix(OWN) {
        part.to_owned()
    } else if users.contains(BASE) && users.iter().all(is_base) {
        BASE.to_owned()
    } else if bytes <= SMALL {
        SHARED.to_owned()
    } else {
        // By who needs it: a number would change with every other module.
        users.iter().copied().collect::<Vec<_>>().join("-")
    }
}

/// The link file: what the main part calls to load a part. A load that failed is forgotten, so that the next call tries
/// again.
fn script<'p>(needs: impl Iterator<Item = (&'p str, BTreeSet<&'p str>)>) -> String {
    let mut script = String::from(
        r#"import { initSync } from "./widget.js";
const files = {};
const load = (file) => {
    const source = fetch(new URL(`./${file}.wasm`, import.meta.url));
    const loaded = WebAssembly.instantiateStreaming(source, { __wasm_split: initSync() });
    loaded.catch(() => delete files[file]);
    return loaded;
};
const part = (names) => async (callback, data) => {
    let is_there = false;
    try {
        await Promise.all(names.split(" ").map((file) => files[file] ??= load(file)));
        is_there = true;
    } catch (fault) {
        console.error(fault);
    }
    initSync().__indirect_function_table.get(callback)(data, is_there);
};
"#,
    );
    for (part, files) in needs {
        let files: Vec<_> = files.into_iter().collect();
        script.push_str(&format!(
            "export const __wasm_split_load_{part} = part(\"{}\");\n",
            files.join(" ")
        ));
    }
    script
}
