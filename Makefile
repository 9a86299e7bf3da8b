# Every target does its own set-up; the second run does not pay for it again.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
SUITE ?=
LATENCY ?= 100,20
REPS ?= 7

PORT ?= 2024
AGENT_CHAT_UI ?= https://github.com/langchain-ai/agent-chat-ui

# $(call uv_setup,FOLDER,LOCK), and the same with pip where there is no uv
uv_setup = uv venv --quiet --allow-existing --python $(PYTHON) $(1) && \
  uv pip sync --quiet --compile-bytecode --python $(1)/bin/python $(2) && \
  uv pip install --quiet --python $(1)/bin/python --no-deps --no-build-isolation -e .
pip_setup = $(PYTHON) -m venv $(1) && \
  $(1)/bin/python -m pip install --quiet --disable-pip-version-check -r $(2) && \
  $(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
set_up = { command -v uv >/dev/null 2>&1 && $(call uv_setup,$(1),$(2)); } || { $(call pip_setup,$(1),$(2)); } || { \
  echo "Set-up failed: Valet needs Python 3.11 or newer with the venv module, and the package index." >&2; exit 1; }

# The LangGraph server needs older versions of some packages than Valet does: it has an environment of its own.
STUDIO := .venv-studio
STUDIO_READY := $(STUDIO)/.ready
QUIET := LANGGRAPH_CLI_NO_ANALYTICS=1 LANGGRAPH_NO_VERSION_CHECK=true LANGSMITH_TRACING=false
SOLVE = uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate pyproject.toml

.PHONY: help learn studio studio-key test-slow test-studio browser bench fuzz golden setup chat test score score-imported lint types format readme lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  %-14s %s\n", $$1, $$2}'

setup: $(READY) ## make .venv and install what the lock names (uv if present, else venv and pip)

$(READY): requirements.lock pyproject.toml
	@$(call set_up,.venv,$<)
	@touch $@

$(STUDIO_READY): requirements-studio.lock pyproject.toml
	@$(call set_up,$(STUDIO),$<)
	@touch $@

chat: $(READY) ## open the assistant on the demo workspace
	@$(BIN)/valet chat

studio: $(STUDIO_READY) ## open the graph to LangGraph Studio and agent-chat-ui, on this machine (PORT=2024)
	@$(QUIET) $(STUDIO)/bin/python -m app.studio.start --port $(PORT)

studio-key: $(STUDIO_READY) ## issue a key of that server for one more person (NAME=ana)
	@$(STUDIO)/bin/python -m app.studio.start --key "$(NAME)"

test-studio: $(STUDIO_READY) ## test that server: two people, over its own client
	$(QUIET) $(STUDIO)/bin/python -m pytest tests/studio

browser: $(STUDIO_READY) ## try that server with agent-chat-ui in Chromium; needs git, node and the network
	@sh tests/studio/interface.sh "$(AGENT_CHAT_UI)" && \
	  uv pip install --quiet --python $(STUDIO)/bin/python playwright==1.65.2 || echo "skipped  what is missing is named above"
	@$(QUIET) $(STUDIO)/bin/python -m tests.studio.browser .browser

test: $(READY) ## run the tests
	$(BIN)/pytest -n 2 -m "not slow"

test-slow: $(READY) ## run those that `make test` leaves out, since they take long; a minute or two
	$(BIN)/pytest -n 2 -m slow

score-imported: $(READY) ## print how well imported mail, channels and documents are read (V=-v: what goes wrong)
	@$(BIN)/python -m tests.scored.score $(V)

bench: $(READY) ## measure beside the peers (SUITE=reading,fire LATENCY=100,20 REPS=7); about 12 minutes
	@$(BIN)/python -m tests.bench.runner --suite "$(SUITE)" --latency "$(LATENCY)" --reps "$(REPS)"

score: $(READY) ## print how much of its requests the offline planner gets right
	@$(BIN)/python -m tests.offline.score

learn: $(READY) ## count the planner's model anew from app/offline/trained/examples; about ten minutes
	$(BIN)/python -m app.offline.trained.training

crash: $(READY) ## kill Valet at every step of every write, and count what was done (V="--tools send_mail", V=--short); about 20 minutes
	@$(BIN)/python -m tests.crash.crash $(V)

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

lock: ## solve the locks again: that of Valet, and with it as far as can be that of its LangGraph server
	$(SOLVE) --extra dev -o requirements.lock
	cp requirements.lock requirements-studio.lock
	$(SOLVE) --extra studio -o requirements-studio.lock

clean: ## remove what set-up and the tools left behind
	rm -rf .venv $(STUDIO) .langgraph_api .browser .bench .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
