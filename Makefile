# make demo    set up everything in .venv and run the demo (the first time a few minutes, then seconds)
# make test    the tests        make lint    ruff, mypy, import contracts        make clean    remove what was made
#
# VENV=folder uses (or makes) another virtual environment; PYTHON=python3.12 makes it from another Python; ARGS="-k name"
# goes to pytest. An installed llama-cpp-python is used as it is.

VENV ?= .venv
PYTHON ?= python3
ARGS ?=

RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check --quiet
SOURCES := $(shell find src grammars -type f -not -name '*.pyc' -not -name '*.so' 2>/dev/null)
BUILD_REQUIREMENTS := $(RUN) -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['build-system']['requires'], sep='\n')"

.DELETE_ON_ERROR:
.PHONY: demo test lint clean

demo: $(VENV)/typeloom-installed
	@$(RUN) examples/demo.py

test: $(VENV)/typeloom-tools
	@$(RUN) -m pytest -q $(ARGS)

lint: $(VENV)/typeloom-tools
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy --strict src/typeloom
	@if grep -q '^\[tool.importlinter' pyproject.toml; then $(VENV)/bin/lint-imports; fi

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) tools/check_system.py
	@echo "making $(VENV)"
	@$(PYTHON) tools/make_venv.py $(VENV)

$(VENV)/typeloom-llama: tools/install_llama_cpp.py tools/llama_library_only.cmake | $(VENV)/bin/python
	@$(RUN) tools/install_llama_cpp.py
	@touch $@

# The build tools stay in the environment and the objects in build/, so that a change compiles only what it touches.
$(VENV)/typeloom-build-tools: pyproject.toml | $(VENV)/bin/python
	@$(BUILD_REQUIREMENTS) | $(PIP) install -r /dev/stdin cmake ninja
	@touch $@

$(VENV)/typeloom-installed: pyproject.toml CMakeLists.txt $(SOURCES) $(VENV)/typeloom-llama $(VENV)/typeloom-build-tools
	@echo "installing typeloom"
	@$(PIP) install --no-build-isolation --config-settings=build-dir=build/typeloom .
	@touch $@

$(VENV)/typeloom-tools: $(VENV)/typeloom-installed
	@$(PIP) install --no-build-isolation --config-settings=build-dir=build/typeloom '.[test]' ruff mypy import-linter
	@touch $@
