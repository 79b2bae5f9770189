# make install   the environment in .venv, with the command .venv/bin/bounce-milter
# make run       install, play sample bounces through the filter, serve until interrupted
# make test      install and run everything: style, types, unit tests, real mail servers
# make bench     how fast it is, beside the least a filter costs and beside other programs: a table and build/bench/bench.json
# make soak      200,000 messages, hostile connections, reloads and restarts under load; about two minutes
# make fuzz      broken messages without end: make fuzz FUZZ='--seconds 3600 --mail /a/folder'
# make prepare   the packaged rules as a start loads them, from the rule files; after each edit of one
# make learn     what the words of a reply weigh, learnt anew from tests/examples and the rules' samples; four minutes
# Works on a fresh Debian 12 as root; what is there already is left alone.

# The first Python that runs and is new enough; Debian's own first: python3-dev belongs to it, and it is built for speed.
PYTHON ?= $(shell for p in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# What pymilter is compiled with, and what the tests unpack mail servers with.
PACKAGES := gcc libc6-dev libmilter-dev python3-dev python3-venv ca-certificates
# What only the tests need.
TEST_PACKAGES := systemd

.PHONY: install run test lint servers bench soak fuzz prepare learn clean
install: $(STAMP)

$(STAMP): pyproject.toml
	@sh tests/packages.sh $(PACKAGES)
	test -x $(BIN)/python || $(or $(PYTHON),python3) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

run: install
	$(BIN)/python -m tests.demo

lint: install
	$(BIN)/ruff check
	$(BIN)/mypy

servers: install
	@sh tests/packages.sh $(TEST_PACKAGES)
	@sh tests/servers.sh

test: lint servers
	$(BIN)/python -m pytest

bench: install servers
	$(BIN)/python -m tests.bench $(BENCH)

soak: install servers
	$(BIN)/python -m tests.soak $(SOAK)

fuzz: install
	$(BIN)/python -m tests.fuzz $(FUZZ)

prepare: install
	$(BIN)/python -m tests.prepare

learn: install
	$(BIN)/python -m pip install --quiet --group learn
	$(BIN)/python -m tests.learn $(LEARN)

clean:
	rm -rf $(VENV) build .hypothesis .pytest_cache .mypy_cache .ruff_cache
