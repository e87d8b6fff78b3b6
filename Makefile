# What one does with this project. `make help` lists it.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
RELEASE = .build-release
BIN = $(RELEASE)/release
RELEASE_FLAGS = -c release --static-swift-stdlib --scratch-path $(RELEASE)

.PHONY: help build debug demo test torture fuzz sanitize lint generate check-generated install uninstall bench conformance clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build the release programs, and install what that needs
	@scripts/bootstrap build
	@scripts/static-libraries $(RELEASE)/static
	$(SWIFT) build $(RELEASE_FLAGS) --product mosaic-ai
	$(SWIFT) build $(RELEASE_FLAGS) --product bedrock-simulator

demo: build ## See a reply stream in, without an account: against the simulator
	@scripts/demo $(BIN)

debug: ## Build everything for tests
	@scripts/bootstrap build
	$(SWIFT) build --build-tests

test: debug ## Run every test, and install what that needs
	@scripts/bootstrap test
	@scripts/generate --check
	@scripts/check-scripts
	@scripts/check-clients
	$(SWIFT) test --skip-build
	@Tests/Torture/run --quick

torture: debug ## Kill, break, fill and crowd the program, for a quarter of an hour (KILLS=1000 …)
	@scripts/bootstrap test
	@Tests/Torture/run $(if $(KILLS),--kills $(KILLS)) $(TORTURE_OPTIONS)

fuzz: ## Feed any bytes to what reads others' (RUNS=1000000 DECODER_RUNS=10000000)
	@scripts/bootstrap build
	@RUNS=$(RUNS) DECODER_RUNS=$(DECODER_RUNS) Tests/FuzzTests/run

sanitize: ## Run all tests, kills and a crowd under the thread and the address sanitizer
	@scripts/bootstrap test
	@SWIFT="$(SWIFT)" scripts/sanitize thread
	@SWIFT="$(SWIFT)" scripts/sanitize address

lint: ## Check format and shell scripts
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

generate: debug ## Make completions and man pages anew
	@scripts/generate

install: build ## Put programs, completions and man pages below PREFIX (/usr/local)
	@scripts/install $(BIN) "$(DESTDIR)$(PREFIX)"

uninstall: ## Take them away again
	@scripts/install --remove "$(DESTDIR)$(PREFIX)"

bench: build ## Measure against curl and boto3, in one go
	@Benchmarks/run $(BIN)

conformance: debug ## Compare with botocore, AWS's own implementation (needs Python with boto3)
	@Tests/Conformance/run

clean: ## Remove what was built
	rm -rf .build $(RELEASE) .build-fuzz .build-thread-sanitizer .build-address-sanitizer
