# Every target does its own set-up; the second run does not pay for it again.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
SUITE ?=
LATENCY ?= 100,20
REPS ?= 7

UV_SETUP = uv venv --quiet --allow-existing --python $(PYTHON) .venv && \
  uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock && \
  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
PIP_SETUP = $(PYTHON) -m venv .venv && \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock && \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .

.PHONY: help bench fuzz golden setup chat test score score-imported lint types format readme lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  %-14s %s\n", $$1, $$2}'

setup: $(READY) ## make .venv and install what the lock names (uv if present, else venv and pip)

$(READY): requirements.lock pyproject.toml
	@{ command -v uv >/dev/null 2>&1 && $(UV_SETUP); } || { $(PIP_SETUP); } || { \
	  echo "Set-up failed: Valet needs Python 3.11 or newer with the venv module, and the package index." >&2; exit 1; }
	@touch $@

chat: $(READY) ## open the assistant on the demo workspace
	@$(BIN)/valet chat

test: $(READY) ## run the tests
	$(BIN)/pytest -n 2

score-imported: $(READY) ## print how well imported mail, channels and documents are read (V=-v: what goes wrong)
	@$(BIN)/python -m tests.scored.score $(V)

bench: $(READY) ## measure beside the peers (SUITE=reading,fire LATENCY=100,20 REPS=7); about 12 minutes
	@$(BIN)/python -m tests.bench.runner --suite "$(SUITE)" --latency "$(LATENCY)" --reps "$(REPS)"

score: $(READY) ## print how much of its requests the offline planner gets right
	@$(BIN)/python -m tests.offline.score

fuzz: $(READY) ## fuzz the tasks API from its own description; about two minutes
	@$(BIN)/python -m tests.tasks.fuzz

lint: $(READY) ## check format and style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY) ## check the types
	$(BIN)/mypy

format: $(READY) ## put the code into the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(READY) ## write what models are sent into tests/golden; read the difference
	$(BIN)/python -m tests.golden_prompts

readme: $(READY) ## write the README's table of tools from the registry
	$(BIN)/python -m tests.readme

lock: ## solve the lock again, with all extras
	uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.lock

clean: ## remove what set-up and the tools left behind
	rm -rf .venv .bench .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
