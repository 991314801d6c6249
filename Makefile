# Everything starts here: `make up` serves the product, `make test` runs all tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q --require-virtualenv
PIP_INSTALL := $(PIP) install --only-binary :all: --require-hashes
JOBS ?= auto
ARGS ?=

.PHONY: up install install-dev browser test check lock messages clean

up: install
	$(BIN)/novator up $(ARGS)

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 up"; exit 1; }
	@echo "Making the virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV) && $(PYTHON) -m pip --python $(BIN)/python install -q pip; }

$(VENV)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Novator needs (about 330 MB, once) ..."
	@$(PIP_INSTALL) -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src/novator
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

browser:
	@sh tools/install-browser.sh

test: install-dev browser
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py check
	$(BIN)/python -m pytest -q -n 0 tests/test_migrations.py

lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -q --group build pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -q -c requirements.txt --group dev -o requirements-dev.txt

messages: install-dev
	$(BIN)/python tools/messages.py update

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
