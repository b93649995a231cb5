# make setup | run | test | test-elasticsearch-8 | elasticsearch | lint | lock | bench
# Only relative paths are used, so that the folder may have any name.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: setup run test test-elasticsearch-8 elasticsearch lint lock bench clean

STAMP := .venv/.set-up
LOCKS := requirements.lock .ci/setup.lock.txt pyproject.toml
FIND_PYTHON = for python in "$${PYTHON:-python3}" python3.13 python3.12 python3.11; do \
  command -v "$$python" > /dev/null && "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && break; \
  python=; done; [ -n "$$python" ] || { echo 'Python 3.11 or later is needed (set PYTHON to it)' >&2; exit 1; }

UV := .venv/bin/uv pip install --quiet --python .venv/bin/python

setup: $(STAMP)

# pip fetches uv and the build backend, uv everything else: both from locks with hashes. The project itself is linked.
# uv trusts the machine's certificates where it has any (a newsroom's own proxy), else those that it brings.
$(STAMP): $(LOCKS)
	@$(FIND_PYTHON); echo "setting up .venv with $$("$$python" --version)"; "$$python" -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r .ci/setup.lock.txt
	@$(UV) --system-certs --require-hashes -r requirements.lock || $(UV) --require-hashes -r requirements.lock
	@$(UV) --offline --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# Serves page and API; an empty store gets the bundled sample first.
run: setup
	@exec .venv/bin/onrecord serve --sample

test: setup
	@exec .venv/bin/python -m pytest

# The store's whole contract once more, on the last of the eights, with rebuilding and a server that goes away.
EIGHT := $(addprefix tests/,elasticsearch/test_node.py elasticsearch/test_contract.py elasticsearch/test_rebuild.py \
  faults/test_elastic_away.py faults/test_elastic_trouble.py)
test-elasticsearch-8: setup
	@ONRECORD_TEST_ELASTICSEARCH_VERSION=8.19 exec .venv/bin/python -m pytest $(EIGHT)

# A node to play with, until Ctrl-C.
elasticsearch: setup
	@exec .venv/bin/python -m tests.elasticsearch

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

# Resolve all dependencies anew within pyproject.toml. The client of Elasticsearch stays below 9: one that serves 8 and 9.
lock: setup
	printf 'elasticsearch<9\n' | .venv/bin/uv pip compile --universal --generate-hashes --python-version 3.11 \
	  --extra dev --no-emit-index-url --no-header --quiet --upgrade -c /dev/stdin pyproject.toml -o requirements.lock
	printf 'uv\nhatchling>=1.27\neditables\n' | .venv/bin/uv pip compile --universal --generate-hashes \
	  --python-version 3.11 --no-emit-index-url --no-header --quiet --upgrade - -o .ci/setup.lock.txt

bench: setup
	@exec .venv/bin/onrecord bench

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
