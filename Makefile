# Two commands do everything: `make run` and `make test`. Both build .venv from the hashed lock first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint docs lock wheel clean
run: .venv/ready
	$(BIN)/bilateral run

test: .venv/ready
	$(BIN)/python -m pytest -n 2

lint: .venv/ready
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

# The reference part of docs/warehouse.md out of the comments of the views.
docs: .venv/ready
	$(BIN)/python -m warehouse.describe docs/warehouse.md

# The lock is universal, hashed and names no host. Commit what this writes.
lock:
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header -o requirements.lock --upgrade

wheel: .venv/ready
	$(BIN)/python -m build --wheel --no-isolation

# Without build isolation, so that the build backend too comes from the lock.
.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("bilateral needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf .venv data dist build
