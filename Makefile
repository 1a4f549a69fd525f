# Each target ends what it begins: set-up included. `make demo` needs python3 (3.11 or later) only.

PYTHON ?= python3
BIN := .venv/bin
DEV := .venv/.installed-for-work
USE := .venv/.installed-for-use
ARGS ?=
DATABASE ?= sqlite
WITH_sqlite :=
WITH_postgresql := $(BIN)/python -m tests.servers.postgresql
# Where it matters which database there is; all other tests pass on PostgreSQL too.
ON_POSTGRESQL := $(addprefix tests/,outbox delivery engine mailboxes people returns automations \
	api ops/test_worker.py ops/test_serve_together.py ops/test_move.py ops/test_metrics.py)
# Lanes of about one length. These wait mostly: for whole processes of the product, and for a browser.
PROCESSES := tests/ops tests/journeys
PAGES := tests/web tests/runs
CAMPAIGN := tests/campaign
# Much that asks for no database, and what the API says of itself.
NOT_ON_POSTGRESQL := tests/mailboxes/test_detection.py tests/mailboxes/test_detection_hostile.py \
	tests/mailboxes/test_presets.py tests/api/test_description.py

# The checks start two hundred processes: compiling anew what each of them imports takes as long
# as all their work.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo serve test check lint types docs shape bench campaign soak lock clean

demo: $(USE) ## show six documents leave a mailbox; ARGS=--exit ends after the table
	@$(BIN)/outtray demo $(ARGS)

serve: $(USE) ## serve with the data of this user
	@$(BIN)/outtray serve $(ARGS)

test: $(DEV) ## all tests, against real servers too; ARGS chooses some; on DATABASE=postgresql
	@sh tools/install_test_servers.sh
	@$(WITH_$(DATABASE)) $(BIN)/python -m pytest $(ARGS)

check: lint types ## what decides whether a change may come in
	@$(BIN)/python -m django makemigrations --check --dry-run --settings tests.settings
	@$(BIN)/python -m tools.docs --check
	@sh tools/install_test_servers.sh
	@$(BIN)/python -m tools.beside \
		"$(BIN)/python -m pytest $(addprefix --ignore=,$(PROCESSES) $(PAGES) $(CAMPAIGN))" \
		"$(BIN)/python -m pytest -p no:cacheprovider $(PAGES)" \
		"$(WITH_postgresql) $(BIN)/python -m pytest -p no:cacheprovider $(ON_POSTGRESQL) \
		$(addprefix --ignore=,$(NOT_ON_POSTGRESQL)) then \
		$(BIN)/python -m pytest -p no:cacheprovider $(CAMPAIGN)" \
		"$(BIN)/python -m pytest -p no:cacheprovider $(PROCESSES)"

lint: $(DEV) ## format, rules, and the direction of imports
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo

types: $(DEV)
	@$(BIN)/mypy

docs: $(DEV) ## rewrite the reference pages from the code
	@$(BIN)/python -m tools.docs

shape: $(DEV) ## report the largest functions and modules
	@$(BIN)/python -m tools.shape

bench: $(DEV) ## measure; ARGS names the benchmarks
	@$(BIN)/python -m benchmarks $(ARGS)

campaign: $(DEV) ## kill, stop and fill up, by seeds, and compare the books; ARGS="--schedules 2000"
	@sh tools/install_test_servers.sh
	@$(BIN)/python -m tests.campaign $(ARGS)

soak: $(DEV) ## work for long, and see whether memory and handles stay flat; ARGS="--minutes 60"
	@$(BIN)/python -m tests.campaign.soak $(ARGS)

lock: $(DEV) ## resolve the dependencies anew, and write what is installed from
	@$(BIN)/uv lock --quiet
	@$(BIN)/uv export --quiet --frozen --no-dev --group build --no-emit-project --no-header -o requirements.txt
	@$(BIN)/uv export --quiet --frozen --no-dev --group build --extra postgres --extra exchange --extra einvoice --no-emit-project --no-header -o requirements-whole.txt
	@$(BIN)/uv export --quiet --frozen --all-extras --no-extra kerberos --no-emit-project --no-header -o requirements-dev.txt

clean: ## remove what is made, but never data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(USE): requirements.txt pyproject.toml tools/install.sh
	@PYTHON="$(PYTHON)" sh tools/install.sh requirements.txt
	@touch $@

$(DEV): requirements-dev.txt pyproject.toml tools/install.sh
	@PYTHON="$(PYTHON)" sh tools/install.sh requirements-dev.txt
	@touch $@ $(USE)
