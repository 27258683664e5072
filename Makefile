# Everything a person or CI does here is one of these targets; `make` alone lists them.

PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
ARGS ?=
IN_VENV := .venv/bin/python
venv_works := $(shell $(IN_VENV) -c '' 2>/dev/null && echo yes)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run demo test check format bench chaos fresh lock always

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: .venv/requirements.lock  ## start Baton: with Slack's tokens in Slack, without them in a local workspace
	@exec $(IN_VENV) app.py

demo: .venv/requirements-dev.lock  ## start the local workspace anew with two years of made-up customers, in var/demo
	@rm -rf var/demo && mkdir -p var/demo
	@cd var/demo && PYTHONPATH="$(CURDIR)" exec "$(CURDIR)/$(IN_VENV)" -m tests.demo

test: .venv/requirements-dev.lock  ## run every test, on SQLite, PostgreSQL and Chromium (ARGS="-k word" picks some)
	@$(IN_VENV) -m tests.browser
	@$(IN_VENV) -m pytest -n auto --dist worksteal $(ARGS)

check: .venv/requirements-dev.lock  ## check format, lint, types and the floors
	@$(IN_VENV) -m ruff format --check .
	@$(IN_VENV) -m ruff check .
	@$(IN_VENV) -m mypy
	@.venv/bin/lint-imports --no-logo

format: .venv/requirements-dev.lock  ## format the code and mend what ruff can mend
	@$(IN_VENV) -m ruff check --fix --quiet . || true
	@$(IN_VENV) -m ruff format .

bench: .venv/requirements-dev.lock  ## measure click to ack, and the start, beside a bare Bolt
	@exec $(IN_VENV) -m tests.bench $(ARGS)

chaos: .venv/requirements-dev.lock  ## kill Baton at random moments, for longer than the tests do
	@exec $(IN_VENV) -m tests.chaos $(ARGS)

fresh:  ## empty var/: the local workspace starts anew
	@if [ -e var/baton.db.lock ] && ! flock -n var/baton.db.lock true; then \
		echo "Baton is running: stop it first." >&2; exit 2; fi
	@rm -rf var
	@mkdir var

lock:  ## pin every dependency with its hashes (ARGS=--upgrade takes newer ones)
	@command -v uv >/dev/null || { echo 'make lock needs uv on the PATH: pipx install uv' >&2; exit 2; }
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(ARGS) \
		pyproject.toml --output-file requirements.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(ARGS) \
		pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

# A copy of the lock inside .venv says what is installed there. Where only pip knows the machine's index, uv fails.
.venv/requirements.lock .venv/requirements-dev.lock: .venv/%: % .venv/ready always
	@cmp -s $< $@ || { echo 'Installing $<'; \
	{ command -v uv >/dev/null && uv pip install --quiet --python $(IN_VENV) --require-hashes -r $<; } || \
	$(IN_VENV) -m pip install --quiet --require-hashes -r $<; } && { cmp -s $< $@ || cp $< $@; }

# Takes the first complete Python; uv makes an environment even where Debian's python3-venv is missing.
.venv/ready: $(if $(venv_works),,always)
	@rm -rf .venv; suitable=; complete=; \
	for python in $(PYTHON); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		suitable=$${suitable:-$$python}; \
		if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then complete=$$python; break; fi; \
	done; \
	if [ -n "$$complete" ]; then "$$complete" -m venv .venv || { rm -rf .venv; exit 2; }; \
	elif command -v uv >/dev/null; then uv venv --quiet --python "$${suitable:->=3.11}" .venv || exit 2; \
	elif [ -n "$$suitable" ]; then \
		echo 'This Python cannot make a virtual environment: apt-get install python3-venv' >&2; exit 2; \
	else \
		echo 'Baton needs Python 3.11 or newer: apt-get install python3 python3-venv, or name one with PYTHON=' >&2; \
		exit 2; \
	fi
	@touch $@
