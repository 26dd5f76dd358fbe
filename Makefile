.DEFAULT_GOAL := help
.PHONY: help setup run test test-integrations check format lint types layers frontend openapi schema catalogue lock mutation bench torture lighthouse screenshots icons clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with everything that running, checking and testing need
	@scripts/setup.sh dev

run: ## Set up what is missing and serve the product at http://127.0.0.1:8000 (PORT=… for another port)
	@scripts/run.sh

test: ## Set up what is missing, run every check and test, and show the time per part
	@scripts/test.sh

test-integrations: ## Run the tests with programs that others wrote: Node-RED receives webhooks and checks them
	@scripts/integrations.sh

check: setup ## Run every check that runs no product code: format, lint, types, layers, front end
	@scripts/check.sh

format: setup ## Format the Python code and mend what the linter can mend
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .

lint: setup ## Check the format and lint the Python code
	@.venv/bin/ruff format --check . && .venv/bin/ruff check .

types: setup ## Check the types of the Python code
	@.venv/bin/mypy

layers: setup ## Check that each layer imports only what lies below it
	@.venv/bin/lint-imports --no-logo

frontend: ## Build the front end into frontend/dist when its sources have changed
	@scripts/setup.sh runtime
	@scripts/frontend.sh

openapi: setup ## Write openapi/openapi.json and the front end's types from the code
	@.venv/bin/afterword openapi > openapi/openapi.json.new && mv openapi/openapi.json.new openapi/openapi.json
	@scripts/frontend.sh generate

schema: setup ## Write docs/playbook.schema.json, by which editors complete and check playbooks, from the code
	@.venv/bin/python -c 'from afterword.playbooks import json_schema; print(json_schema.text(), end="")' > docs/playbook.schema.json.new
	@mv docs/playbook.schema.json.new docs/playbook.schema.json

catalogue: setup ## Write docs/playbooks and its pictures from the playbooks' data
	@.venv/bin/python scripts/catalogue.py

lock: setup ## Write the lock files anew with the newest versions that pyproject.toml allows
	@scripts/lock.sh

mutation: setup ## Change the policy in one place at a time and list what no test notices (one file: FILES=policy/calendar.py)
	@.venv/bin/python -m mutation $(FILES)

bench: setup ## Compare the speed of the policy, of GET /next-actions and of deliveries with controls (one part: PARTS=delivery_rate)
	@PYTHONPATH=tests .venv/bin/python -m benchmarks $(PARTS)

torture: setup ## Kill real processes 500 times beside 100,000 events, with a ledger as judge (EVENTS=, KILLS=, SEED=, DATABASE=)
	@PYTHONPATH=tests .venv/bin/python -m faults.torture $(if $(EVENTS),--events $(EVENTS)) $(if $(KILLS),--kills $(KILLS)) \
		$(if $(SEED),--seed $(SEED)) $(if $(DATABASE),--database $(DATABASE))

lighthouse: ## Measure the built front end with Lighthouse: mobile profile, signed in, median of five; fails below the limits
	@scripts/lighthouse.sh

screenshots: setup ## Take the pictures of docs/images anew, with a real browser
	@scripts/frontend.sh
	@scripts/commands.sh chromium-headless-shell
	@PYTHONPATH=tests .venv/bin/python scripts/screenshots.py

icons: setup ## Draw the icons of the installed app anew from frontend/public/favicon.svg, with a real browser
	@scripts/commands.sh chromium-headless-shell
	@PYTHONPATH=tests .venv/bin/python scripts/icons.py

clean: ## Remove everything that the other targets made, except your data
	@rm -rf .venv frontend/node_modules frontend/dist tests/integrations/node_modules tests/lighthouse/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .mutation
	@find backend benchmarks migrations mutation tests scripts -type d -name __pycache__ -prune -exec rm -rf {} +
