# The recipes of this project; each says what it does. `make demo` and `make test` are all a newcomer needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TOOLS := $(VENV)/.tools
INSTALL := $(BIN)/pip install --quiet --constraint constraints.txt

.PHONY: demo test coverage fuzz run check lint types imports format phrases docs model model-check encoder accuracy clean

demo: $(INSTALLED) ## run the main job offline on the bundled news world, and show the digest
	$(BIN)/tipwatch demo

# Three tests at a time, since some of them only wait; numpy's threads on all cores for each would wait for one another.
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=10

test: $(TOOLS) ## run the tests (those for PostgreSQL when TIPWATCH_TEST_POSTGRESQL_URL is set)
	$(PYTEST)

coverage: $(TOOLS) ## run the tests and measure coverage, which takes longer; CI does this
	$(BIN)/coverage erase
	$(PYTEST) --cov --cov-report=
	mkdir -p build
	$(BIN)/coverage report --fail-under=$$(cat tests/coverage-floor.txt) > build/coverage.txt; status=$$?; \
		tail -n 15 build/coverage.txt; exit $$status

fuzz: $(TOOLS) ## search for inputs that break a reader, e.g. make fuzz TARGETS="feeds dates" SECONDS=600
	$(INSTALL) --group fuzz
	set -e; for target in $(or $(TARGETS),$(notdir $(wildcard tests/fuzz/corpus/*))); do \
		$(BIN)/python -m tests.fuzz $$target -max_total_time=$(or $(SECONDS),60); done

run: $(INSTALLED) ## start the daemon on ./config.yaml
	$(BIN)/tipwatch run

check: lint types imports coverage ## all that CI runs

lint: $(TOOLS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(TOOLS)
	$(BIN)/mypy

imports: $(TOOLS) ## the layers hold, and what is imported is declared
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: $(TOOLS) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

phrases: $(TOOLS) ## update the catalogues of the digest's phrases and compile them (docs/translate.md)
	mkdir -p build
	$(BIN)/pybabel -q extract -F pyproject.toml -k N_ --add-location=file --project=tipwatch -o build/digest.pot alerts
	$(BIN)/pybabel -q update -D digest -d alerts/i18n/locale -i build/digest.pot --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --width=100
	$(BIN)/pybabel -q compile -D digest -d alerts/i18n/locale

docs: $(TOOLS) ## regenerate the pages of commands and configuration keys
	$(BIN)/python -m tipwatch.reference docs

accuracy: $(TOOLS) ## measure accuracy and update the tables of docs/accuracy.md and docs/model-card.md; REAL=FILE measures real pages too
	mkdir -p build
	$(BIN)/tipwatch evaluate --json > build/corpus.json
	$(BIN)/tipwatch evaluate --held-out --json > build/kept-apart.json
	$(if $(REAL),$(BIN)/tipwatch evaluate --held-out $(REAL) --json > build/real.json)
	$(BIN)/python -m benchmarks.accuracy_pages build/corpus.json build/kept-apart.json $(if $(REAL),--real build/real.json)

model: $(TOOLS) ## retrain the shipped model, except the encoder, on the bundled corpus (docs/train-the-encoder.md)
	$(BIN)/tipwatch train --out classifier/model
	$(BIN)/tipwatch train --register --out storage/register # learns from facts as that model reads them

model-check: $(TOOLS) ## retrain it and compare, before files of classifier/model or storage/register are committed; ten minutes
	$(BIN)/pytest -m retrains tests/accuracy

encoder: $(TOOLS) ## retrain the encoder: an hour on two cores
	$(INSTALL) --group encoder
	$(BIN)/python -m classifier.training build/encoder

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	@# modules are compiled when they are first imported, so that those that never are take no room
	$(INSTALL) --no-compile --editable .
	touch $@

$(TOOLS): $(INSTALLED)
	@# dependency groups are known to pip since 25.1
	$(BIN)/pip install --quiet 'pip>=25.1'
	$(INSTALL) --editable '.[cluster,train]' --group dev
	@# tests start Python some hundred times, and what is not compiled yet would make some of them wait
	-$(BIN)/python -m compileall -qq -j 0 $(VENV)
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .coverage* dist build
