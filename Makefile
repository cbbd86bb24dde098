# Everything runs from .venv, made from requirements.lock. Python 3.11, git and make are all that must be there before.
PYTHON ?= python3
JOBS ?= 2
# `make lock UPGRADE=--upgrade` takes newer versions; without it only what pyproject.toml asks for changes.
UPGRADE ?=
# Which outside tools `make tools` builds: light for make test, heavy (Kubernetes, Argo Rollouts) for make e2e as well.
GROUPS ?= light
BIN := .venv/bin
PYTEST = $(BIN)/python -m pytest -n $(JOBS)
COMPILE = $(BIN)/uv pip compile $(UPGRADE) --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup render test check format lint types unit tools outputs e2e bench docs lock clean

help: ## this list
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /\1|/' | \
		while IFS='|' read -r name text; do printf '  make %-8s %s\n' "$$name" "$$text"; done

setup: ## make .venv from requirements.lock (nothing to do while lock and project are the same)
	@key="$$(cat requirements.lock pyproject.toml | cksum)"; \
	if [ "$$(cat .venv/.setup 2>/dev/null)" = "$$key" ] && grep -qsF '$(CURDIR)/.venv' .venv/pyvenv.cfg; then exit 0; fi; \
	$(PYTHON) -c 'import sys; sys.exit("hftgen needs Python 3.11 or later: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)' && \
	if ! grep -qsF '$(CURDIR)/.venv' .venv/pyvenv.cfg || ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		echo 'setup: .venv' && $(PYTHON) -m venv --clear .venv; fi && \
	echo 'setup: requirements.lock' && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable . && \
	echo "$$key" > .venv/.setup

render: setup ## compile specs/ into rendered/
	@$(BIN)/hftgen render

test: lint types unit outputs ## what must hold before each commit, cheap first: minutes

check: format test e2e ## format, then everything

format: setup ## write the source as ruff wants it
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix --quiet || true

lint: setup ## ruff: rules and format
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: setup ## mypy, strict
	@$(BIN)/mypy

unit: setup ## tests that need no outside tool: seconds
	@$(PYTEST) --ignore=tests/e2e

tools: setup ## build the light outside tools into .tools/, once; make tools GROUPS="light heavy" for all
	@$(BIN)/python -m tests.tools.build $(GROUPS)

outputs: tools ## rendered/ against outside validators, other machines and the README
	@$(PYTEST) tests/e2e -m 'not cluster and not delivery'

e2e: setup ## rendered/ against a real control plane, Terraform, Ansible and the like, built at the first call (minutes)
	@$(BIN)/python -m tests.tools.build light heavy
	@$(PYTEST) --dist loadfile tests/e2e -m 'cluster or delivery'

bench: setup ## speed, against Kapitan and cp -r; not part of the tests
	@$(BIN)/python -m tests.bench

docs: setup ## write the generated pages: the spec's schema and reference
	@$(BIN)/hftgen schema > specs/.environment.schema.json.new && mv specs/.environment.schema.json.new specs/environment.schema.json
	@$(BIN)/python -m hftgen.spec.reference > docs/.spec.md.new && mv docs/.spec.md.new docs/spec.md

lock: setup ## write the lock files anew from pyproject.toml
	@$(COMPILE) --all-extras pyproject.toml --output-file requirements.lock
	@for name in go building python; do $(COMPILE) tests/tools/$$name.in --output-file tests/tools/$$name.lock; done
	@$(COMPILE) --no-deps tests/tools/providers.in --output-file tests/tools/providers.lock
	@$(COMPILE) tests/bench/requirements.in --output-file tests/bench/requirements.lock

clean: ## remove what the other targets made, except .venv and .tools
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache dist
	find generator tests -name __pycache__ -type d -prune -exec rm -rf {} +
