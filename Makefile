# Padan. `make help` lists the targets.
# GNU make 3.81 (the one on macOS) and any POSIX shell will do.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

# pytest workers: a number, or auto for one a core.
WORKERS ?= auto

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/setup.stamp

# A run in which nothing may be skipped builds the tests' oracle from source
# where it has no wheel. The command line or the environment may name PYTHON.
ORACLE := $(if $(PADAN_REQUIRE_ALL),--group oracle --group deploy)

.PHONY: help setup demo demo-dtsen test test-all lint bench bench-province bench-quality bench-methods bench-service docs clean always

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  PYTHON=python3.12 make setup    use that interpreter (3.11 to 3.13)'
	@echo '  WORKERS=4 make test             that many test processes'

setup: $(STAMP) ## fill .venv with what uv.lock names; fetches uv if there is none

demo: $(STAMP) ## run the Jakarta story from end to end
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash docs/tutorials/jakarta/demo.sh

demo-dtsen: $(STAMP) ## a programme list next to two editions of DTSEN, to the list of changes
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash docs/tutorials/dtsen/demo.sh

test: lint ## lint, then the tests; the thorough ones only with PADAN_REQUIRE_ALL=1, as in CI
	$(BIN)/python -m pytest -n $(WORKERS) $(if $(PADAN_REQUIRE_ALL),,-m "not thorough")

test-all: lint ## lint, then all tests
	$(BIN)/python -m pytest -n $(WORKERS)

lint: $(STAMP) ## style, types and the import contract
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 -p policy -p encoder -p padan
	$(BIN)/lint-imports

bench: $(STAMP) ## measure against the peers, into bench-results.jsonl
	$(BIN)/python -m tests.benchmarks

bench-province: $(STAMP) ## a million people on each side, into bench-province.jsonl
	$(BIN)/python -m tests.benchmarks.province

bench-quality: $(STAMP) ## FEBRL, and files to lists through the product, next to today's methods
	$(BIN)/python -m tests.benchmarks.febrl
	$(BIN)/python -m tests.benchmarks.quality.product --households

bench-methods: $(STAMP) ## all pairs of sources by all methods and settings, into bench-quality.json
	$(BIN)/python -m tests.benchmarks.quality

bench-service: $(STAMP) ## the service under load, into bench-service.jsonl; QUICK=1 for less of each
	$(BIN)/python -m tests.benchmarks.service $(if $(QUICK),--quick)

docs: $(STAMP) ## build the documentation, in both languages, into site/
	@uv=$(BIN)/uv; [ -x "$$uv" ] || uv=uv; unset VIRTUAL_ENV; \
	UV_PROJECT_ENVIRONMENT=$(VENV) "$$uv" run --locked --all-extras --group docs \
		python scripts/docs_site.py

clean: ## remove what these targets made, .venv too
	rm -rf $(VENV) site build dist .cache .pytest_cache .mypy_cache .ruff_cache \
		.import_linter_cache .hypothesis bench-results.jsonl bench-quality.json bench-febrl.json bench-product.json bench-province.jsonl bench-service.jsonl
	find policy encoder linkage_service padan tests -name __pycache__ -type d -prune -exec rm -rf {} +

# An interpreter named by hand is compared with the one in use every time.
$(STAMP): pyproject.toml uv.lock scripts/setup.sh scripts/warm.py $(if $(PYTHON),always)
	@sh scripts/setup.sh "$(PYTHON)" $(ORACLE)
	@touch $@
