# Two commands do everything on a fresh machine with Python 3.11 or later: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
STAMP := .venv/.installed

export HF_HUB_OFFLINE ?= 1

.PHONY: help setup run test test-elasticsearch-8 elasticsearch lint lock bench clean

help:  ## what there is
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

setup: $(STAMP)  ## make .venv with everything pinned by hash

# uv first, by its own hashes: it installs the rest in seconds where pip takes minutes.
$(STAMP): requirements.lock .ci/uv.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit("On Record needs Python 3.11 or later, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/uv.lock
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

run: setup  ## set up, index the sample into an empty store, serve page and API on 127.0.0.1
	@$(BIN)/onrecord serve --sample

test: setup  ## set up, run all tests (Elasticsearch on a real node that is fetched and started)
	$(BIN)/python -m pytest

test-elasticsearch-8: setup  ## the store's contract on a real Elasticsearch 8.19
	ONRECORD_TEST_ELASTICSEARCH_VERSION=8.19 $(BIN)/python -m pytest tests/elasticsearch -m elasticsearch

elasticsearch: setup  ## a node to play with, until Ctrl-C
	@$(BIN)/python -m tests.elasticsearch

lint: setup  ## ruff and mypy, strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock:  ## write the lock files anew: hashes, no addresses
	echo 'uv' | $(UV) pip compile - --universal --generate-hashes --python-version 3.11 --no-header --quiet -o .ci/uv.lock
	# Client 8.19 speaks to servers 8.19 and 9.x; client 9 is refused by an 8.x server.
	echo 'elasticsearch<9' | $(UV) pip compile pyproject.toml --extra dev -c /dev/stdin --universal --generate-hashes \
		--python-version 3.11 --no-emit-index-url --no-header --quiet -o requirements.lock

bench: setup  ## speed and memory, as ratios in one run
	@$(BIN)/onrecord bench

clean:  ## remove the environment and caches, not the user's store
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
