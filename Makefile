# Everything runs in .venv, which the first target makes. PYTHON names the Python to make it with (3.11 or newer).
PYTHON ?= python3
BIN := .venv/bin
# Tests of different files run beside each other: much of their time is a browser's or a server's.
BESIDE := -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: run demo test check coverage format bench
.DEFAULT_GOAL := run

run: .venv/installed ## serve the instance in instance/ (a demonstration when it is empty)
	$(BIN)/deliberate run

demo: .venv/installed ## play the demonstration into an empty instance
	$(BIN)/deliberate demo

test: .venv/installed-dev
	$(BIN)/python -m pytest $(BESIDE)

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(BESIDE)

coverage: .venv/installed-dev
	$(BIN)/python -m pytest $(BESIDE) --cov

format: .venv/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/installed-dev ## POOLS=DIR names a folder of pools, CONVERSATIONS=DIR one of Polis exports; ONLY=sf-b,hd some of it; PEER=stored no peer
	$(BIN)/python -m tests.benchmarks.bench $(POOLS) $(if $(CONVERSATIONS),--conversations $(CONVERSATIONS)) $(if $(ONLY),--only $(ONLY)) $(if $(PEER),--peer $(PEER))

# The stamps let a second run start at once; a change of pyproject.toml installs again.
.venv/installed: .venv/python pyproject.toml
	@echo "Installing Deliberate; the first time this takes a minute or two."
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-dev: .venv/python pyproject.toml
	@echo "Installing Deliberate and its checks; the first time this takes a few minutes."
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ .venv/installed

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Deliberate needs Python 3.11 or newer, and “$(PYTHON)” is not. Name another one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@
