# make run     sets everything up, indexes the example collection and serves the search page
# make test    sets everything up and passes lint, types and the tests; of the largest ones a part that a printed seed chooses
# make test-full    the same with all of the largest tests
#
# make run DATA=folder-or-file PORT=8080 SCHEMA=my.toml    other documents, another port, a schema of your own

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= examples/news.jsonl
# Other documents are an index of their own, with the name of their schema or file.
SCHEMA ?= $(if $(filter examples/news.jsonl,$(DATA)),news)
INDEX ?= $(basename $(notdir $(or $(SCHEMA),$(DATA:/=))))
# What the page looks like: site.toml beside the schema, if it is there.
SITE_FILE ?= $(if $(filter %.toml,$(SCHEMA)),$(wildcard $(dir $(SCHEMA))site.toml))
INDEX_DIR ?= arabic-search-data
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 3
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
UV := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
INSTALL_DEV = $(1) --require-hashes -r requirements-dev.lock && $(1) --no-deps --editable . --editable clients/python
PARALLEL := --numprocesses $(WORKERS) --dist loadscope --no-loadscope-reorder --durations 25
export INDEX_DIR
# The tests start Python some hundred times, which takes a third longer where compiled modules are not kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-full lint bench quality screenshots lock clean

run: $(VENV)/.ready
	@echo "Indexing $(DATA) into the index '$(INDEX)' (folder $(INDEX_DIR)) ..."
	@# Status 1 says that some documents were refused; the others are there.
	@$(BIN)/arabic-search reindex "$(INDEX)" "$(DATA)" $(if $(SCHEMA),--schema "$(SCHEMA)") || test $$? -eq 1
	@SITE_FILE="$(SITE_FILE)" DEFAULT_INDEX="$(INDEX)" exec $(BIN)/arabic-search serve --host $(HOST) --port $(PORT)

test-full: PARALLEL += --full
# Compares times, so nothing else may run.
test-full: ALONE := $(BIN)/pytest --full tests/hostile/test_overload.py
test test-full: lint
	@sh tests/programs.sh
	@$(BIN)/python -m tests.elasticsearch.distribution
	@echo "Running the tests ..."
	@$(BIN)/pytest $(PARALLEL)
	@$(ALONE)

lint: $(VENV)/.ready-dev
	@echo "Checking style, structure and types ..."
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive search_service index_config clients/python
	@$(BIN)/lint-imports > $(VENV)/lint-imports.log 2>&1 || { cat $(VENV)/lint-imports.log; exit 1; }
	@$(BIN)/mypy --num-workers auto

bench: $(VENV)/.ready-dev
	@$(BIN)/python -m benchmarks

quality: $(VENV)/.ready-dev
	@$(BIN)/python -m benchmarks.quality

# Of a service over the example collection that runs at HOST:PORT.
screenshots: $(VENV)/.ready-dev
	@$(BIN)/python docs/screenshots/make.py http://$(HOST):$(PORT)

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/pip
	@echo "Installing what the service needs ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --editable .
	@touch $@

# The second lock file has all that the first one has. pip installs uv, which installs the rest in a third of pip's time;
# if uv reaches no index (it does not read pip's configuration, which may name one), pip does it.
$(VENV)/.ready-dev: requirements-dev.lock requirements.lock pyproject.toml clients/python/pyproject.toml | $(VENV)/bin/pip
	@echo "Installing what the service and the tests need ..."
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.lock > $(VENV)/uv.lock
	@$(PIP) --require-hashes -r $(VENV)/uv.lock
	@$(call INSTALL_DEV,$(UV)) || { echo "Installing with pip instead ..." && $(call INSTALL_DEV,$(PIP)); }
	@touch $(VENV)/.ready $@

lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --group dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --group build --constraint requirements-dev.lock --output-file requirements-build.lock

clean:
	rm -rf $(VENV) $(INDEX_DIR) .mypy_cache .pytest_cache .ruff_cache .hypothesis
