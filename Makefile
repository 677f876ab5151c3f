# What one does with a checkout. Needs Python 3.11 or newer and make; no Node, no database, no service.

PYTHON ?= python3
RUN := .venv/bin/python -m
# Browser tests and databases leave room for two tests at a time on two cores.
WORKERS ?= 2

.PHONY: help setup demo test check bench assets messages docs

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## make the environment in .venv and build the pages' parts
	@$(PYTHON) tools/setup.py

demo: setup  ## an example community, opened on http://127.0.0.1:8000
	@.venv/bin/qunying demo

test: setup  ## the whole suite, on SQLite and then on PostgreSQL where there is one
	@$(RUN) tools.find_chromium --install
	@$(RUN) pytest -n $(WORKERS)
	@$(RUN) tools.with_postgres $(WORKERS) $(RUN) pytest -n $(WORKERS)

check: setup  ## style, types, layers, migrations, translations
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy
	@.venv/bin/lint-imports
	@$(RUN) tools.migrations
	@$(RUN) tools.messages

bench: setup  ## measure, and print ratios
	@$(RUN) bench

assets:  ## build the pages' parts, own styles and scripts, and translations again
	@.venv/bin/uv sync --frozen --inexact --reinstall-package qunying

messages:  ## report texts without a translation, and compile the catalogues
	@$(RUN) tools.messages --compile

docs:  ## write the generated lists in docs again
	@$(RUN) tools.docs
