//! Scripts and stylesheets in as few bytes as their meaning allows.

use lightningcss::{
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet},
    targets::{Browsers, Targets},
};
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_compat::EngineTargets;
use oxc_minifier::{CompressOptions, MangleOptions, Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

use crate::fault::Fault;

/// The oldest browsers the widget runs in. The script minifier brings in nothing that they do not know, and in
/// stylesheets what they do not know (nesting, media ranges, `light-dark()`) is written in older words.
const BROWSER_FLOOR: &str = "chrome96,safari16.4,firefox101";
const STYLE_FLOOR: Browsers = Browsers {
    chrome: Some(96 << 16),
    safari: Some((16 << 16) | (4 << 8)),
    firefox: Some(101 << 16),
    android: None,
    edge: None,
    ie: None,
    ios_saf: None,
    opera: None,
    samsung: None,
};

/// An ES module, shortened. Fails where the text is not JavaScript.
pub(crate) fn script(file: &str, text: &str) -> Result<String, Fault> {
    let fault = |cause: String| Fault::Source {
        file: file.to_owned(),
        cause,
    };
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::mjs()).parse();
    if let Some(mistake) = parsed.diagnostics.into_iter().next() {
        return Err(fault(mistake.to_string()));
    }
    let mut program = parsed.program;
    let target = EngineTargets::from_target(BROWSER_FLOOR).map_err(fault)?;
    let options = MinifierOptions {
        mangle: Some(MangleOptions::default()),
        mangle_properties: None,
        compress: Some(CompressOptions {
            target,
            ..CompressOptions::smallest()
        }),
    };
    let minified = Minifier::new(options).minify(&allocator, &mut program);
    Ok(Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(minified.scoping)
        .build(&program)
        .code)
}

/// A stylesheet, shortened. Fails where the text is not CSS.
pub(crate) fn style(file: &str, text: &str) -> Result<String, Fault> {
    let fault = |cause: String| Fault::Source {
        file: file.to_owned(),
        cause,
    };
    let mut sheet = StyleSheet::parse(text, ParserOptions::default())
        .map_err(|error| fault(error.to_string()))?;
    let targets = Targets::from(STYLE_FLOOR);
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| fault(error.to_string()))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            targets,
            ..PrinterOptions::default()
        })
        .map_err(|error| fault(error.to_string()))?;
    Ok(printed.code)
}
