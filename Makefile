# Every command a person needs here. The steps themselves stand in .ci.
.PHONY: help setup bundle run test oracle speed fuzz

help:
	@echo "make run     serve the demo portal: sets up, bundles, starts qingting serve --demo"
	@echo "make test    set up, format, lints, tests, bundle with size budgets, browser tests"
	@echo "make bundle  build the widget and the site folder that qingting serve hands out"
	@echo "make oracle  compare random surveys with survey-core itself (needs node and npm; not in make test)"
	@echo "make speed   time an answer in a survey of 500 questions beside survey-core (needs npm; not in make test)"
	@echo "make fuzz    feed garbled definitions, expressions and sheets, ten minutes each (not in make test)"
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
