//! From one linked wasm module to what browsers load: the main part, its glue, the link file and the lazy parts.

use std::{
    fs,
    path::{Path, PathBuf},
};

use wasm_bindgen_cli_support::Bindgen;

use crate::{
    fault::{Fault, InContext},
    parts,
    site::{File, Load},
    trim,
};

/// What the console's page runs: a file of its own, because its policy takes no script inside the page.
const START: &str = r#"import init,{start} from "./console.js";
await init({module_or_path:fetch(new URL("./console.wasm",import.meta.url))});
start();
"#;
/// What stands beside the title of the console's page.
const ICON: &[u8] = include_bytes!("../../../public/images/icon.svg");
/// Fetches the lazy parts; the main part imports it.
const LINK_NAME: &str = "./link.js";

/// Splits `linked` at its `wasm_split` functions and binds the main part to JavaScript. `near` is a folder on the
/// disk to be written to later: the splitter wants files, and they lie there for a moment.
pub(crate) fn split(linked: &[u8], near: &Path) -> Result<Vec<File>, Fault> {
    let work = WorkFolder::new(near)?;
    let main_path = work.0.join("main.wasm");
    let linked = trim::without_unused_streams(linked)?;
    let mut options = wasm_split_cli_support::Options::new(&linked);
    options.output_dir = &work.0;
    options.main_out_path = &main_path;
    options.link_name = LINK_NAME;
    options.main_module = "./widget.js";
    options.emit_dwarf = false;
    let made = wasm_split_cli_support::transform(options)
        .map_err(|error| Fault::Split(format!("{error:#}")))?;

    let mut files = bind("widget", read(&main_path)?, Load::First)?;
    let modules = made
        .split_modules
        .iter()
        .map(|path| Ok((stem_of(path), read(path)?)))
        .collect::<Result<Vec<_>, Fault>>()?;
    let (of_parts, link) = parts::files(&modules, &made.prefetch_map.into_iter().collect())?;
    files.push(File {
        name: LINK_NAME.trim_start_matches("./").to_owned(),
        bytes: link.into_bytes(),
        load: Load::First,
    });
    files.extend(of_parts);
    Ok(files)
}

/// Binds the console to JavaScript. The linker leaves the widget's lazy functions in it, which nothing there calls: they are
/// split off and left out. `near` as in [`split`].
pub(crate) fn console(linked: &[u8], near: &Path) -> Result<Vec<File>, Fault> {
    const LINK: &str = "console-link.js";
    let work = WorkFolder::new(near)?;
    let main_path = work.0.join("main.wasm");
    let linked = trim::without_unused_streams(linked)?;
    let link_name = ["./", LINK].concat();
    let mut options = wasm_split_cli_support::Options::new(&linked);
    options.output_dir = &work.0;
    options.main_out_path = &main_path;
    options.link_name = &link_name;
    options.main_module = "./console.js";
    options.emit_dwarf = false;
    wasm_split_cli_support::transform(options)
        .map_err(|error| Fault::Split(format!("{error:#}")))?;
    let mut files = bind("console", read(&main_path)?, Load::Console)?;
    for (name, bytes) in [
        (LINK, read(&work.0.join(LINK))?),
        ("start.js", START.as_bytes().to_vec()),
        ("icon.svg", ICON.to_vec()),
    ] {
        files.push(File {
            name: name.to_owned(),
            bytes,
            load: Load::Console,
        });
    }
    Ok(files)
}

/// The glue, the main part and whatever snippets of JavaScript our crates bring.
fn bind(name: &str, main: Vec<u8>, load: Load) -> Result<Vec<File>, Fault> {
    // The glue's own name of the main part, and the one it is served under.
    let (bound_name, main_name) = (format!("{name}_bg.wasm"), format!("{name}.wasm"));
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)
        .map_err(|error| Fault::Bind(format!("{error:#}")))?;
    let mut output = bindgen
        .input_bytes(name, main)
        .typescript(false)
        // The parts share the main part's table, memory and stack pointer.
        .keep_lld_exports(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .map_err(|error| Fault::Bind(format!("{error:#}")))?;
    let wasm = output.wasm_mut().emit_wasm();
    let (wasm, glue) =
        trim::with_short_imports(&wasm, &output.js().replace(&bound_name, &main_name))?;
    let mut files = vec![
        File {
            bytes: trim::without_custom_sections(&main_name, &wasm)?,
            name: main_name,
            load,
        },
        File {
            name: format!("{name}.js"),
            bytes: glue.into_bytes(),
            load,
        },
    ];
    let inline = output.snippets().iter().flat_map(|(crate_name, list)| {
        list.iter()
            .enumerate()
            .map(move |(i, text)| (format!("{crate_name}/inline{i}.js"), text))
    });
    let local = output
        .local_modules()
        .iter()
        .map(|(path, text)| (path.clone(), text));
    for (path, text) in inline.chain(local) {
        files.push(File {
            name: format!("snippets/{path}"),
            bytes: text.clone().into_bytes(),
            load,
        });
    }
    Ok(files)
}

/// A folder that is gone when the work is over, also after a fault.
struct WorkFolder(PathBuf);

impl WorkFolder {
    fn new(near: &Path) -> Result<Self, Fault> {
        let path = near.join(format!(".work-{}", std::process::id()));
        fs::create_dir_all(&path).in_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        // What stays behind is a hidden folder that nobody serves.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    fs::read(path).in_context(|| format!("cannot read {}", path.display()))
}

fn stem_of(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
