# Every command people use. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
CARGO := cargo
export CARGO_TERM_COLOR ?= never

.DEFAULT_GOAL := help

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

demo: $(VENV)/.built ## build, run the main job on the Ituri case, say where the report lies
	@mkdir -p build
	@$(PY) -m human_security.demo build

test: lint test-rust test-python test-c summary ## everything: format, lints, Rust, Python, C and C++ tests

lint: ## formatting and clippy, warnings denied
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

test-rust: ## Rust unit, property, doc and case tests, and the wall between layers
	@mkdir -p build
	set -o pipefail; $(CARGO) test --locked -p hs-core -p hs-ffi 2>&1 | tee build/test-rust.log

$(VENV)/.tools: hs-py/requirements-test.txt
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r hs-py/requirements-test.txt
	@touch $@

include hs-ffi/capi.mk
