# Every command a person needs here. The steps themselves stand in .ci.
.PHONY: help setup bundle run test oracle speed fuzz soak bench contract deny sbom

help:
	@echo "make run     serve the demo portal: sets up, bundles, starts qingting serve --demo"
	@echo "make test    set up, format, lints, tests, bundle with size budgets, browser tests"
	@echo "make bundle  build the widget and the site folder that qingting serve hands out"
	@echo "make oracle  compare random surveys with survey-core itself (needs node and npm; not in make test)"
	@echo "make speed   time an answer in a survey of 500 questions beside survey-core (needs npm; not in make test)"
	@echo "make fuzz    feed garbled definitions, expressions and sheets, ten minutes each (not in make test)"
	@echo "make soak    long ledgers: 200 kills, 100 power cuts, 1,000 lost acknowledgements, failing disks, locks, clocks, 100,000 answers (not in make test)"
	@echo "make bench   intake beside a bare axum server on the same disk (needs wrk and a quiet machine; not in make test)"
	@echo "make contract  the endpoint against its own OpenAPI document, ten minutes (installs schemathesis; not in make test)"
	@echo "make deny    licences, sources and known flaws of everything that is linked in (installs cargo-deny)"
	@echo "make sbom    a list of everything that is linked in, as CycloneDX (installs cargo-cyclonedx)"
	@echo "make setup   install what is missing to build (make test also installs what it tests with)"

setup:
	@.ci/setup run

bundle: setup
	@.ci/bundle

run: bundle
	@.ci/cargo run --locked --features bundle --bin qingting -- serve --demo

test:
	@.ci/test

oracle:
	@tests/oracle/run $(SEEDS)

speed: bundle
	@.ci/setup test
	@QINGTING_SURVEY_CORE=$$(tests/oracle/core)/survey.core.min.js .ci/cargo test --locked --features bundle --test browser speed -- --include-ignored --nocapture

fuzz:
	@QINGTING_FUZZ_SECONDS=600 .ci/cargo test --locked --features bundle --test it fuzz -- --include-ignored --nocapture --test-threads=1

soak:
	@QINGTING_SOAK=1 .ci/cargo test --locked --features bundle --test it -- ledger:: broken:: store::l slow:: clocks:: tally:: --nocapture --test-threads=1

bench:
	@.ci/setup run
	@.ci/cargo build --release --locked --features bench --bin qingting --bin reference
	@. $${XDG_CACHE_HOME:-$$HOME/.cache}/qingting/tools && tests/bench/intake $$native_target/release/qingting $$native_target/release/reference

contract: setup
	@tests/contract/run

# Into the cache, not among the tools of whoever runs it. Not optimized: they run for seconds.
TOOLS = $${XDG_CACHE_HOME:-$$HOME/.cache}/qingting/cargo-tools
INSTALL = .ci/cargo install --quiet --debug --locked --root $(TOOLS)

deny: setup
	@test -x $(TOOLS)/bin/cargo-deny || $(INSTALL) cargo-deny@0.20.2
	@.ci/deny $(TOOLS)/bin/cargo-deny

sbom: setup
	@test -x $(TOOLS)/bin/cargo-cyclonedx || $(INSTALL) cargo-cyclonedx@0.5.9
	@PATH=$(TOOLS)/bin:$$PATH .ci/cargo cyclonedx --format json --target all --override-filename qingting-sbom
	@mv qingting-sbom.json $${XDG_CACHE_HOME:-$$HOME/.cache}/qingting/ && echo "$${XDG_CACHE_HOME:-$$HOME/.cache}/qingting/qingting-sbom.json"
