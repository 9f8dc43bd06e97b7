//! What a build promises to whoever serves it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{env, fs, io::Read, path::PathBuf};

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, ElementSection, Elements,
    EntityType, Function, FunctionSection, ImportSection, MemoryType, Module, RefType, TableType,
    TypeSection, ValType,
};
use wasmparser::{Parser, Payload, Validator};

use crate::{
    budget::Sums,
    fuse, minify, parts,
    site::{self, Build, Entry, File, Load, Manifest, Size},
    trim,
};

const LOADER: &str = r#"const build="__BUILD__",languages=__LANGUAGES__;"#;

/// A site folder of its own for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        Self(env::temp_dir().join(format!("qingting-bundle-{}-{test}", std::process::id())))
    }

    fn write(&self, text: &str) -> Manifest {
        site::write(
            &build(&[("widget.js", text), ("widget.css", "a{}")]),
            &self.0,
        )
        .unwrap()
    }

    fn has(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn build(files: &[(&str, &str)]) -> Build {
    let file = |(name, text): &(&str, &str)| File {
        name: (*name).to_owned(),
        bytes: text.as_bytes().to_vec(),
        load: Load::First,
    };
    Build::new(
        files.iter().map(file).collect(),
        LOADER,
        vec!["en".to_owned(), "zh-CN".to_owned()],
    )
    .unwrap()
}

#[test]
fn same_contents_have_the_same_name_and_one_other_letter_another() {
    let one = build(&[("a.js", "1"), ("b.js", "2")]);
    assert_eq!(one.name, build(&[("b.js", "2"), ("a.js", "1")]).name);
    assert_ne!(one.name, build(&[("a.js", "1"), ("b.js", "3")]).name);
    assert_ne!(one.name, build(&[("a.js", "12"), ("b.js", "")]).name);
}

#[test]
fn two_builds_before_the_newest_stay_and_the_third_goes() {
    let folder = Folder::new("previous");
    let names: Vec<String> = ["1", "2", "3", "4"]
        .map(|text| folder.write(text).build)
        .to_vec();
    let [first, second, third, fourth] = names.as_slice() else {
        unreachable!("four were written");
    };
    let manifest: Manifest =
        serde_json::from_slice(&fs::read(folder.0.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(&manifest.build, fourth);
    assert_eq!(manifest.previous, [third.clone(), second.clone()]);
    for name in [second, third, fourth] {
        assert!(
            folder.has(&format!("b/{name}/widget.js.br"))
                && folder.has(&format!("embed-{name}.js"))
        );
    }
    assert!(!folder.has(&format!("b/{first}")) && !folder.has(&format!("embed-{first}.js.gz")));

    // An older build made again is the newest one, and is listed once.
    assert_eq!(&folder.write("3").build, third);
    assert_eq!(folder.write("3").previous, [fourth.clone(), second.clone()]);
    let hidden = fs::read_dir(folder.0.join("b")).unwrap().filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with('.')
    });
    assert_eq!(hidden.count(), 0);
}

#[test]
fn loader_knows_its_build_and_languages_and_compressed_files_are_the_same_file() {
    let folder = Folder::new("loader");
    let manifest = folder.write("let long = 'long long long long long long long';");
    let loader = fs::read_to_string(folder.0.join("embed.js")).unwrap();
    assert_eq!(
        loader,
        format!(
            r#"const build="{}",languages=["en","zh-CN"];"#,
            manifest.build
        )
    );
    for entry in &manifest.files {
        let read =
            |suffix: &str| fs::read(folder.0.join(format!("{}{suffix}", entry.path))).unwrap();
        let (raw, gzip, brotli) = (read(""), read(".gz"), read(".br"));
        assert_eq!(
            entry.size,
            Size {
                raw: raw.len(),
                gzip: gzip.len(),
                brotli: brotli.len()
            }
        );
        let mut unzipped = Vec::new();
        flate2::read::GzDecoder::new(gzip.as_slice())
            .read_to_end(&mut unzipped)
            .unwrap();
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut brotli.as_slice(), &mut unpacked).unwrap();
        assert!(unzipped == raw && unpacked == raw, "{}", entry.path);
    }
}

#[test]
fn first_load_counts_the_loader_and_the_heaviest_language_only() {
    let entry = |load: Load, bytes: usize| Entry {
        path: String::new(),
        load,
        size: Size {
            raw: bytes,
            gzip: bytes,
            brotli: bytes,
        },
    };
    let files = [
        entry(Load::Loader, 1),
        entry(Load::First, 10),
        entry(Load::Language, 100),
        entry(Load::Language, 300),
        entry(Load::Part, 5_000),
    ];
    let sums = Sums::of(&files);
    assert_eq!(
        (
            sums.loader.brotli,
            sums.first_load.brotli,
            sums.parts.brotli
        ),
        (1, 311, 5_000)
    );
    assert!(sums.is_within_budget());
    assert!(!Sums::of(&[entry(Load::First, 70_001)]).is_within_budget());
    assert!(!Sums::of(&[entry(Load::Loader, 2_501)]).is_within_budget());
}

#[test]
fn mistake_in_a_source_is_refused_with_its_file() {
    assert!(minify::script("embed.js", "const a = 1; export { a };").is_ok());
    let fault = minify::script("embed.js", "const a = ;")
        .unwrap_err()
        .to_string();
    assert!(fault.starts_with("embed.js: "), "{fault}");
    assert!(minify::style("widget.css", "a { color: red }").is_ok());
    let fault = minify::style("widget.css", "a { color: red }}")
        .unwrap_err()
        .to_string();
    assert!(fault.starts_with("widget.css: "), "{fault}");
}

#[test]
fn styles_come_out_in_words_that_the_oldest_browsers_know() {
    let css = minify::style(
        "widget.css",
        "@media (width < 30rem) { a { &:hover { margin: 0 } } }",
    )
    .unwrap();
    assert_eq!(css, "@media not (min-width:30rem){a:hover{margin:0}}");
}

#[test]
fn names_between_wasm_and_glue_are_shortened_on_both_sides_and_only_there() {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut imports = ImportSection::new();
    imports.import(
        "./widget_bg.js",
        "__wbg_now_0123456789abcdef",
        EntityType::Function(0),
    );
    imports.import(
        "./link.js",
        "__wbg_now_0123456789abcdef",
        EntityType::Function(0),
    );
    let mut module = Module::new();
    module.section(&types).section(&imports);
    module.section(&CustomSection {
        name: "producers".into(),
        data: b"rustc".as_slice().into(),
    });
    let wasm = module.finish();

    let glue = r#"const i={__wbg_now_0123456789abcdef:f,__wbg_now_0123456789abcdef2:g};return{"./widget_bg.js":i}"#;
    let (short, glue) = trim::with_short_imports(&wasm, glue).unwrap();
    assert_eq!(
        glue,
        r#"const i={_0:f,__wbg_now_0123456789abcdef2:g};return{"w":i}"#
    );
    let has = |wasm: &[u8], text: &[u8]| wasm.windows(text.len()).any(|window| window == text);
    assert!(has(&short, b"\x01w\x02_0") && has(&short, b"./link.js\x1a__wbg_now_0123456789abcdef"));

    assert!(has(&short, b"producers"));
    let bare = trim::without_custom_sections("widget.wasm", &short).unwrap();
    assert!(!has(&bare, b"producers") && has(&bare, b"./link.js"));
    assert!(trim::without_custom_sections("widget.wasm", &short[..short.len() - 1]).is_err());
}

/// A part as the splitter makes it: one function that gives `number`, at that place of the table, and a text in memory.
fn part(number: i32, text: &str) -> Vec<u8> {
    let mut types = TypeSection::new();
    // The whole program's types are there, used or not.
    types.ty().function([ValType::I64, ValType::F64], []);
    types.ty().function([], [ValType::I32]);
    let mut imports = ImportSection::new();
    let table = TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 9,
        maximum: None,
        shared: false,
    };
    let memory = MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    };
    imports.import("__wasm_split", "table", table);
    imports.import("__wasm_split", "memory", memory);
    let mut functions = FunctionSection::new();
    functions.function(1);
    let mut elements = ElementSection::new();
    let place = ConstExpr::i32_const(number);
    elements.active(Some(0), &place, Elements::Functions([0].as_slice().into()));
    let mut code = CodeSection::new();
    let mut body = Function::new([]);
    body.instructions().i32_const(number).end();
    code.function(&body);
    let mut data = DataSection::new();
    data.active(0, &place, text.bytes());
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions);
    module
        .section(&elements)
        .section(&DataCountSection { count: 1 });
    module.section(&code).section(&data);
    module.finish()
}

#[test]
fn parts_are_fused_into_one_module_that_does_what_each_of_them_did() {
    let (one, two) = (part(3, "three"), part(5, "five"));
    let fused = fuse::fused("both", &[&one, &two]).unwrap();
    Validator::new().validate_all(&fused).unwrap();
    assert!(fused.len() < one.len() + two.len());
    let (mut types, mut imports, mut placed, mut texts) = (0, 0, Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(&fused) {
        match payload.unwrap() {
            Payload::TypeSection(section) => types = section.count(),
            Payload::ImportSection(section) => imports = section.count(),
            Payload::ElementSection(section) => {
                for element in section {
                    let wasmparser::ElementItems::Functions(items) = element.unwrap().items else {
                        unreachable!("functions only");
                    };
                    placed.extend(items.into_iter().map(Result::unwrap));
                }
            }
            Payload::DataSection(section) => {
                texts.extend(section.into_iter().map(|text| text.unwrap().data.to_vec()));
            }
            _ => {}
        }
    }
    assert_eq!((types, imports), (1, 2), "what is used, once");
    assert_eq!(placed, [0, 1], "each function at its own place");
    assert_eq!(texts, [b"three".to_vec(), b"five".to_vec()]);
    assert!(fuse::fused("cut", &[&one, &two[..two.len() - 1]]).is_err());
}

#[test]
fn what_is_small_and_shared_is_one_file_and_each_part_loads_what_it_needs_once() {
    let names = [
        "split_engine",
        "split_fields",
        "split_slider",
        "chunk_1",
        "chunk_2",
        "chunk_3",
    ];
    let modules: Vec<parts::Module> = (1..)
        .zip(names)
        .map(|(number, name)| (name.to_owned(), part(number, name)))
        .collect();
    let needs = |part: &str, modules: &[&str]| {
        let modules = modules.iter().map(|name| (*name).to_owned());
        (part.to_owned(), modules.collect())
    };
    let needs = parts::Needs::from([
        needs("delivery", &["chunk_1"]),
        needs("engine", &["chunk_1", "chunk_3", "split_engine"]),
        needs("fields", &["chunk_2", "chunk_3", "split_fields"]),
        needs("slider", &["chunk_2", "split_slider"]),
    ]);
    let (files, script) = parts::files(&modules, &needs).unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        ["engine.wasm", "fields.wasm", "shared.wasm", "slider.wasm"]
    );
    for (part, loads) in [
        ("delivery", "engine"),
        ("engine", "engine shared"),
        ("fields", "fields shared"),
        ("slider", "shared slider"),
    ] {
        let line = format!("export const __wasm_split_load_{part} = part(\"{loads}\");");
        assert!(script.contains(&line), "{line} in {script}");
    }
    assert!(minify::script("link.js", &script).is_ok());
}
