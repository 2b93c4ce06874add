# make help lists what there is. Everything sets itself up on the first call.
PYTHON ?= python3
PY := .venv/bin/python
SEEDS ?= 1000

.PHONY: help ready run serve test unit matrix check simulate bench requirements

help:  ## List the commands
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## (.*)/make \1|\2/' | column -t -s '|'

ready:
	@$(PYTHON) local/ready.py

run: ready  ## A trading day in three to four minutes (ERP=kind, SEED=n, SABOTAGE=name, STAY=1, FAST=1)
	@$(PY) -m local.run

serve: ready  ## The same stack against your own Mirakl and ERP: make serve SETTINGS=my.settings.json
	@$(PY) -m local.serve "$(SETTINGS)"

test: ready  ## Every test: rules, flows, contracts, simulation, end to end
	@$(PY) -m pytest -n 2 --dist loadgroup -q

unit: ready  ## The fast tests only (no processes)
	@$(PY) -m pytest -n 2 -q -m "not stack and not slow"

matrix: ready  ## What each case of the ERP contract comes to with each ERP
	@$(PY) -m tests.contract.erp.matrix

check: ready  ## Linters, types, import contracts, generated files
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

simulate: ready  ## More seeds of the simulation, in turn on every ERP: make simulate SEEDS=5000 (ERP=kind: on one)
	@$(PY) -m tests.simulation --seeds $(SEEDS) $(if $(ERP),--erp $(ERP)) $(if $(SABOTAGE),--sabotage $(SABOTAGE))

bench: ready  ## Counts and ratios per order, with the floor beside each
	@$(PY) -m bench.orders

requirements: ready  ## Compile the pinned requirements again (needs uv)
	uv pip compile --universal --python-version 3.11 --no-emit-index-url --no-annotate --custom-compile-command "make requirements" -o requirements.txt requirements.in
	uv pip compile --universal --python-version 3.11 --no-emit-index-url --no-annotate --custom-compile-command "make requirements" -o requirements-dev.txt requirements-dev.in
