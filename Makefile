# Every command people use. `make help` lists them; the gate calls these.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
LOGS := build/tests
export CARGO_TERM_COLOR ?= never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check lint test-rust test-python test-c summary wheel bench compare docs clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

demo: ## build, analyse the Ituri case, say where the report lies
	@mkdir -p build
	@cargo run --locked --quiet -p hs-core --example demo -- build ituri

test: lint test-rust test-c test-python summary ## everything: format, lints, Rust, C, C++ and Python tests

check: lint ## types and lints only

lint: ## formatting, and clippy with warnings denied
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked --quiet -- -D warnings

test-rust: ## Rust unit, property, doc and case tests, the walls between layers
	@mkdir -p $(LOGS)
	cargo test --locked -p hs-core -- --show-output 2>&1 | tee $(LOGS)/rust.log

test-c: ## C and C++ tests, also under valgrind where present
	@mkdir -p $(LOGS)
	$(MAKE) --no-print-directory capi-test 2>&1 | tee $(LOGS)/c.log

$(VENV)/.tools: hs-py/requirements-test.txt
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet -r hs-py/requirements-test.txt
	@touch $@

.PHONY: python-build
python-build: $(VENV)/.tools
	VIRTUAL_ENV=$(abspath $(VENV)) $(VENV)/bin/maturin develop --locked --quiet -m hs-py/Cargo.toml

test-python: python-build ## Python tests, stubs against the package, types, ruff
	@mkdir -p $(LOGS)
	cd hs-py && $(abspath $(VENV))/bin/ruff format --check . && $(abspath $(VENV))/bin/ruff check .
	cd hs-py && $(abspath $(VENV))/bin/mypy
	cd hs-py && $(abspath $(PY)) -m mypy.stubtest human_security --mypy-config-file pyproject.toml --allowlist stubtest-allow.txt
	cd hs-py && $(abspath $(PY)) -m pytest -q 2>&1 | tee $(abspath $(LOGS))/python.log

summary: ## counts of the last test run by language, and what was skipped
	@$(PYTHON) .ci/summary.py $(LOGS)

wheel: $(VENV)/.tools ## the Python wheel, optimised, in build/wheels
	$(VENV)/bin/maturin build --release --locked -m hs-py/Cargo.toml --out build/wheels

bench: ## measurements, as ratios (minutes)
	cargo bench -p hs-benches

compare: ## the library beside its peers, as ratios (many minutes; installs them in an environment of its own)
	$(PYTHON) -m venv build/compare-venv
	build/compare-venv/bin/pip install --quiet maturin numpy polars duckdb numba pandas pyarrow scipy igraph SALib cynetdiff networkx krippendorff
	VIRTUAL_ENV=$(abspath build/compare-venv) build/compare-venv/bin/maturin develop --release --locked --quiet -m hs-py/Cargo.toml
	for work in benches/compare/*.py; do build/compare-venv/bin/python $$work || exit 1; done

docs: ## the docs as pages in build/docs, and the Rust reference
	$(PYTHON) -m venv build/docs-venv && build/docs-venv/bin/pip install --quiet -r docs/requirements.txt
	build/docs-venv/bin/sphinx-build -q -W --keep-going docs build/docs
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps -p hs-core

clean: ## remove what was built
	cargo clean
	rm -rf build $(VENV)

include hs-ffi/capi.mk
