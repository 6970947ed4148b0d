# Everything below needs Python 3.11 with pip, git and make, and sets the project folder up by itself.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BOOTSTRAP = $(if $(PYTHON),$(PYTHON),@echo "Zaitaku: Python 3.11 was not found: install it, or name it with make PYTHON=…" >&2; exit 1; true) -m bootstrap
DATA ?= ../shared/data
.DEFAULT_GOAL := help
.PHONY: help run test check format bench fixtures manage lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: ## set up and serve the site on http://127.0.0.1:8000/ (PORT=…); Ctrl-C stops it
	@$(BOOTSTRAP) run

test: ## set up and run every test (ARGS="tests/regions -k ward" chooses)
	@$(BOOTSTRAP) test $(ARGS)

check: ## style, types, layers, templates and system checks
	@$(BOOTSTRAP) check

format: ## put code and templates into the form that make check asks for
	@$(BOOTSTRAP) format

bench: ## measured ratios with their targets
	@$(BOOTSTRAP) bench $(ARGS)

fixtures: ## rebuild fixtures/ from the official files (DATA=../shared/data)
	@$(BOOTSTRAP) manage make_fixtures $(DATA)

manage: ## a management command: make manage ARGS="import_official FILE"
	@$(BOOTSTRAP) manage $(ARGS)

lock: ## write requirements*.txt anew from pyproject.toml
	@$(BOOTSTRAP) lock

clean: ## remove everything that was set up, the database of make run included
	@$(BOOTSTRAP) clean
