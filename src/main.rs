//! `qingting serve | survey | staff | … | export | results | verify`: run the command, end with its exit code.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    qingting::endpoint::command::run()
}

/// The endpoint is native only; this lets a wasm build of every target pass.
#[cfg(target_arch = "wasm32")]
fn main() {}
