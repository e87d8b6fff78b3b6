# What one does with this project. `make help` lists it.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
RELEASE = .build-release
BIN = $(RELEASE)/release
RELEASE_FLAGS = -c release --static-swift-stdlib --scratch-path $(RELEASE)

.PHONY: help build debug demo test lint generate check-generated install uninstall bench conformance clean

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
	rm -rf .build $(RELEASE)
