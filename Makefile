.DEFAULT_GOAL := help
.PHONY: help setup run kit test check lint test-unit test-integration test-e2e test-long bench fuzz-api fmt clean

help: ## Say what can be done
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build Lotline and serve it with demonstration data at http://127.0.0.1:8080
	@scripts/run

kit: ## The same, with the page of all parts at /kit
	@LOTLINE_APP_FEATURES=kit scripts/run

test: ## Run every check and test
	@scripts/test

check: ## Run the quick checks: format, lints, layers, unused dependencies
	@scripts/test format lint layers unused

test-unit: ## Run the tests that need no database
	@scripts/test unit

test-integration: ## Run the tests on a PostgreSQL of their own
	@scripts/test schema integration

test-e2e: ## Run the stories in a browser against the real server
	@scripts/test app browser

test-long: ## Race for the same stock for ten minutes, play 10,000 random sequences of movements, kill the server a hundred times
	@scripts/test long

bench: ## Measure speed beside bare PostgreSQL (15 min, 15 GB; LOTLINE_BENCH=quick: 2 min)
	@scripts/bench

fuzz-api: ## Send generated requests to every operation and compare the answers with the description
	@scripts/fuzz-api

setup: ## Install what is missing for all of the above, or say what to install
	@scripts/setup --tests

fmt: ## Format the code
	@cargo fmt --all

lint: ## Run the lints
	@scripts/test lint

clean: ## Delete what was built in this folder; the shared build cache and your data stay
	rm -rf dist e2e/node_modules e2e/test-results e2e/playwright-report
