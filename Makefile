# Every command a person needs here. The steps themselves stand in .ci.
.PHONY: help setup bundle run test

help:
	@echo "make run     serve the demo portal: sets up, bundles, starts qingting serve --demo"
	@echo "make test    set up, format, lints, tests, bundle with size budgets, browser tests"
	@echo "make bundle  build the widget and the site folder that qingting serve hands out"
	@echo "make setup   install what is missing to build (make test also installs what it tests with)"

setup:
	@.ci/setup run

bundle: setup
	@.ci/bundle

run: bundle
	@.ci/cargo run --locked --features bundle --bin qingting -- serve --demo

test:
	@.ci/test
