# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
.PHONY: install demo demo-train neo4j test test-long check bench docs lock clean

PYTHON ?= python3
BIN := .venv/bin

install: .venv/installed

# Everything comes from the lock, by hash; the project itself is installed editable, without its build going online.
.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# The main job on the project's own repository.
demo: install
	$(BIN)/enliterator build . --name enliterator
	$(BIN)/enliterator status 1

# From a dataset to a trained model and back, against a stand-in for the paid API: nothing is trained or paid.
demo-train: install
	$(BIN)/python docs/demo_train.py

# A real Neo4j server to try things on, the one that the tests use; Ctrl-C ends it, .neo4j/ keeps its data.
neo4j: install
	PYTHONPATH=tests/support $(BIN)/python -m neo4j_server .neo4j

test: install
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-long: install
	HYPOTHESIS_PROFILE=other $(BIN)/python -m pytest -n 2 --dist loadfile -m "long or not long"

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/reuse lint --quiet

bench: install
	for each in benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

# The parts of the documentation that are made from the code; a test fails when they have drifted.
docs: install
	$(BIN)/python docs/generate.py

lock: install
	$(BIN)/pip install --quiet uv
	head -3 requirements.lock > .lock.new
	$(BIN)/uv pip compile pyproject.toml --universal --upgrade --generate-hashes --group dev --all-extras \
		--no-annotate --no-header --no-emit-index-url --quiet --output-file .lock.body
	cat .lock.new .lock.body > requirements.lock
	rm .lock.new .lock.body

clean:
	rm -rf .venv .enliterator fine_tune deliverables dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
