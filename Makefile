# One word per job; .ci/run uses the same words. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:

BIN := .venv/bin
# The tests start some hundred processes: none of them compiles anew what another one has compiled.
unexport PYTHONDONTWRITEBYTECODE
# The first Python that is new enough makes the virtual environment; PYTHON=... chooses another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
# No question of pip's can be answered here.
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input install
# npm with a Node that is new enough: `$(NPM) FOLDER ARGUMENT...`
NPM := $(BIN)/python hatch_build.py
NODE = PATH="$$($(BIN)/python -c 'import hatch_build; print(hatch_build.node_environment()["PATH"])')" node

NODE_TESTS := tests/node/node_modules/.installed
WEB_APP := static/dist/index.html
TYPES := static/src/api/schema.d.ts
WEB_SOURCES := $(shell find static -type f -not -path '*/node_modules/*' -not -path 'static/dist/*' \
	-not -name '*.tsbuildinfo' 2>/dev/null)

UV := $(BIN)/uv
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
	--python-version 3.11 --custom-compile-command "make lock"

# `$(call TRY,TESTS,PROCESSES)`. In CI, what fails is tried once more, alone: a defect fails again, what only a busy machine
# broke does not. Both outcomes are printed.
TRY = { $(BIN)/pytest -rs $(QUICK) $(1) $(2) --dist loadfile || { [ -n "$$CI" ] && \
	$(BIN)/pytest -rs $(QUICK) $(1) --last-failed --last-failed-no-failures none; }; }
QUICK := -m "not matrix and not long"

KILLS ?= 200
MINUTES ?= 60
SEEDS ?= 5000
STORE ?= sqlite

##@ Use

.PHONY: run
run: $(BIN)/.run $(WEB_APP) ## Install what is missing, build the web app, serve it
	@exec $(BIN)/counterpoint serve $(ARGS)

.PHONY: web
web: $(WEB_APP) ## Build the web app

.PHONY: wheel
wheel: $(BIN)/.run ## Build the wheel, with the web app in it, into dist/
	@$(BIN)/python -m hatchling build --target wheel

.PHONY: cluster
cluster: $(BIN)/.dev $(WEB_APP) ## Two nodes, PostgreSQL, Valkey and a proxy, on this machine
	@exec $(BIN)/python -m deploy $(ARGS)

##@ Check

.PHONY: test
test: $(BIN)/.dev $(WEB_APP) $(NODE_TESTS) ## Run the tests; ARGS=... goes to pytest
	@$(NPM) static run test --if-present
	@$(if $(ARGS),$(BIN)/pytest -rs $(QUICK) $(ARGS),\
		$(call TRY,--ignore=tests/e2e,-n 3) && \
		$(call TRY,tests/e2e,-n 3 --no-loadscope-reorder))
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
		printf '\n%s\n%s\n' '*** NOT TESTED: there is no Chromium on PATH, so nothing was tried in a browser. ***' \
		'*** Install one (on Debian: apt install chromium) and run `make test` again.       ***'

.PHONY: lint
lint: $(BIN)/.dev ## Style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: types
types: $(BIN)/.dev ## Strict types
	@$(BIN)/mypy

.PHONY: contracts
contracts: $(BIN)/.dev ## Who may import whom; `make test` tries the other rules of the house
	@$(BIN)/lint-imports --no-cache

.PHONY: check
check: lint types contracts test ## Every gate

##@ Long runs

.PHONY: matrix
matrix: $(BIN)/.dev $(WEB_APP) $(NODE_TESTS) ## Every client version, on SQLite and PostgreSQL
	@$(BIN)/pytest -rs -m matrix $(ARGS)

.PHONY: crash
crash: $(BIN)/.dev $(NODE_TESTS) ## Kill the server under load, KILLS times (200), on STORE=sqlite or postgresql
	@$(BIN)/python -m tests.e2e.crash --kills $(KILLS) --store $(STORE) $(ARGS)

.PHONY: simulate
simulate: $(BIN)/.dev ## Nodes, clients and faults in virtual time, SEEDS (5,000) of them; ARGS="--seed 17" repeats one
	@$(BIN)/python -m tests.simulation --seeds $(SEEDS) $(ARGS)

.PHONY: chaos
chaos: $(BIN)/.dev $(NODE_TESTS) ## Faults drawn from SEED on a cluster, for MINUTES (60), while people type; ARGS="--rolls 20" only rolls
	@$(BIN)/python -m tests.e2e.chaos --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(ARGS)

.PHONY: fuzz
fuzz: $(BIN)/.dev $(WEB_APP) $(NODE_TESTS) ## Random and hostile input, for many minutes
	@$(BIN)/pytest -rs -m long $(ARGS)

.PHONY: bench
bench: $(BIN)/.run ## Measure beside other servers, into benchmarks/build/results.md
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: profile
profile: $(BIN)/.run ## Say where the server's time goes, into benchmarks/build/profiles/
	@$(BIN)/python -m benchmarks.profiling $(ARGS)

##@ Keep

.PHONY: client
client: $(BIN)/.dev $(NODE_TESTS) ## Write the types of the REST API for the web app, from the server
	@set -o pipefail; trap 'rm -f $(TYPES).new' EXIT; $(BIN)/python -m server.cli doctor --openapi | \
		$(NODE) tests/node/api_types.mjs > $(TYPES).new && mv $(TYPES).new $(TYPES)

.PHONY: lock
lock: $(UV) ## Pin every dependency; ARGS=--upgrade takes the newest
	@$(COMPILE) $(ARGS) pyproject.toml -o requirements.lock
	@$(COMPILE) $(ARGS) --group build -c requirements.lock -o requirements-build.lock
	@$(COMPILE) $(ARGS) pyproject.toml --group dev -c requirements.lock -c requirements-build.lock \
		-o requirements-dev.lock

.PHONY: clean
clean: ## Remove what was built and installed; data/ stays
	rm -rf .venv build dist static/dist static/node_modules tests/node/node_modules
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis benchmarks/build benchmarks/rivals/node_modules

.PHONY: help
help: ## Say what can be made
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z]+:.*## / {sub(/:.*/, "", $$1); printf "  make %-10s %s\n", $$1, $$2}' Makefile

# What the words above stand on. A stamp is as old as the last success.

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Counterpoint needs Python 3.11 or newer on PATH (or PYTHON=...)." >&2; exit 1; }
	@echo "Making a virtual environment with $(PYTHON) ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "$(PYTHON) cannot make one; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(BIN)/.run: requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	@echo "Installing Counterpoint, every package checked against its hash ..."
	@$(PIP) --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/.dev: requirements-dev.lock $(BIN)/.run
	@echo "Installing the tools of the tests ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(UV): | $(BIN)/python
	@$(PIP) uv

static/node_modules/.installed: static/package-lock.json | $(BIN)/.run
	@echo "Installing the packages of the web app ..."
	@$(NPM) static ci
	@touch $@

$(WEB_APP): $(WEB_SOURCES) static/node_modules/.installed
	@echo "Building the web app ..."
	@$(NPM) static run build
	@touch $@

$(NODE_TESTS): tests/node/package-lock.json | $(BIN)/.run
	@echo "Installing the JavaScript clients of the tests ..."
	@$(NPM) tests/node ci
	@touch $@
