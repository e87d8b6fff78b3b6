# The commands of this project. `make help` lists them.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
RELEASE = .build-release
BIN = $(RELEASE)/release
RELEASE_FLAGS = -c release --static-swift-stdlib --disable-local-rpath --scratch-path $(RELEASE)

# The tests that do not start the built programs, without those that take seconds each (see Tests/README.md).
UNIT_TESTS = ^(MosaicAICoreTests|MosaicAITests|BedrockSimulatorTests)\.

.PHONY: help build debug demo unit test nightly torture fuzz sanitize lint generate install uninstall deb tarball check-package \
	bench recall conformance clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build the release programs, and install what that needs
	@scripts/bootstrap build
	@scripts/static-libraries $(RELEASE)/static
	$(SWIFT) build $(RELEASE_FLAGS) --product mosaic-ai
	$(SWIFT) build $(RELEASE_FLAGS) --product bedrock-simulator

demo: build ## Watch a reply stream in from the simulator, without an AWS account
	@scripts/demo $(BIN)

debug: ## Build everything for the tests
	@scripts/bootstrap build
	$(SWIFT) build --build-tests

unit: debug ## Run the unit tests: the quick loop, in seconds once built
	$(SWIFT) test --skip-build --filter '$(UNIT_TESTS)' --skip AtLength

test: debug build ## Run everything a change needs, in five minutes once built, and install what that needs
	@scripts/bootstrap test
	@scripts/generate --check
	@scripts/check-scripts
	@scripts/check-clients
	@SWIFT="$(SWIFT)" MOSAIC_AI_PROGRAMS="$(CURDIR)/$(BIN)" scripts/run-tests
	@Tests/Torture/run --quick --only kills,crowd,locks "$(BIN)"

nightly: torture fuzz sanitize check-package ## Run the long tests: torture, fuzzing, sanitizers, the package

torture: debug ## Kill, break, fill up and crowd the program for half an hour (KILLS=1000 …)
	@scripts/bootstrap test
	@Tests/Torture/run $(if $(KILLS),--kills $(KILLS)) $(TORTURE_OPTIONS)

fuzz: ## Feed arbitrary bytes to every reader (RUNS=1000000 DECODER_RUNS=10000000)
	@scripts/bootstrap build
	@RUNS=$(RUNS) DECODER_RUNS=$(DECODER_RUNS) Tests/FuzzTests/run

sanitize: ## Run all tests, kills and a crowd under the thread and address sanitizers
	@scripts/bootstrap test
	@SWIFT="$(SWIFT)" scripts/sanitize thread
	@SWIFT="$(SWIFT)" scripts/sanitize address

lint: ## Check the format of the Swift code
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

generate: debug ## Generate the completions and man pages
	@scripts/generate

install: build ## Install programs, completions, man pages and documents below PREFIX (/usr/local)
	@scripts/install $(BIN) "$(DESTDIR)$(PREFIX)"

uninstall: ## Remove what was installed
	@scripts/install --remove "$(DESTDIR)$(PREFIX)"

deb: build ## Make a Debian package in .build-release/release/packages
	@scripts/package deb $(BIN)

tarball: build ## Make an archive for other Linux systems in .build-release/release/packages
	@scripts/package tarball $(BIN)

check-package: build ## Install, use and purge the Debian package in a bare Debian 12 (needs root and debootstrap)
	@scripts/check-package $(BIN)

bench: build ## Measure against curl and boto3 in one run
	@Benchmarks/run $(BIN)

recall: ## Measure what is recalled, and what that costs (MESSAGES=1000000)
	@scripts/bootstrap build
	@scripts/static-libraries $(RELEASE)/static
	$(SWIFT) build $(RELEASE_FLAGS) --product recall-benchmark
	@$(BIN)/recall-benchmark quality Benchmarks/Recall/Conversations
	@$(BIN)/recall-benchmark cost $(or $(MESSAGES),1000000)

conformance: debug ## Compare with botocore, AWS's own implementation (needs Python with boto3)
	@Tests/Conformance/run

clean: ## Remove everything that was built
	rm -rf .build $(RELEASE) .build-fuzz .build-thread-sanitizer .build-address-sanitizer

.PHONY: recipes
recipes: debug ## Run the recipes of README.md and docs/ in bash, dash and zsh
	@scripts/bootstrap test
	@Tests/Recipes/run

.PHONY: record
record: debug ## Record the evening in docs/evening.md and README.md anew, with tmux and the simulator
	@scripts/bootstrap test
	@scripts/record-evening .build/debug
