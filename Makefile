# Every target runs the same on a laptop and in CI, which runs them one by one (.ci/run).
# Needed: Go 1.25 or newer with a C compiler for the race detector; Go 1.26 for lint, which is built the first
# time; node and npm for types and browser; chromium for browser; nginx for nginx.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Lint is of one version everywhere, so that its findings are, too.
GOLANGCI_VERSION := v2.15.0
GOLANGCI := bin/golangci-lint-$(GOLANGCI_VERSION)

# How long each fuzz target runs, in the form of go test -fuzztime.
FUZZTIME ?= 10s
# How often and how long each benchmark runs.
BENCHCOUNT ?= 1
BENCHTIME ?= 1s
# Extra flags for go test, for example TESTFLAGS='-run Cancel -v'.
TESTFLAGS ?=

# each runs a command in every module of the workspace and names the module when it fails. A module
# without Go files has nothing to run on; Go itself would complain.
define each
	mods=$$(go list -m -f '{{.Dir}}'); \
	for m in $$mods; do \
		if ! find $$m -name '*.go' -print -quit | grep -q .; then echo "$$m has no Go files"; continue; fi; \
		( cd $$m && $(1) ) || { echo "failed in $$m" >&2; exit 1; }; \
	done
endef

# patterns sets $$pkgs to the package patterns of the modules whose folder matches a grep expression.
define patterns
	mods=$$(go list -m -f '{{.Dir}}'); \
	pkgs=$$(for m in $$mods; do \
		if find $$m -name '*.go' -print -quit | grep -q .; then echo "./$${m#$(CURDIR)/}/..."; fi; \
	done | grep -E '$(1)')
endef

# need stops with a message where a file that a target is about does not exist.
need = test -e $(1) || { echo "$@: $(1) does not exist" >&2; exit 1; }

.PHONY: help
help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: test
test: fmt vet alone race ## The whole test suite: format, vet, each module on its own, all tests under the race detector.

.PHONY: fmt
fmt: ## Fail if a Go file is not formatted.
	@out=$$(find . -name '*.go' -not -path '*/node_modules/*' -not -path './bin/*' -print0 | xargs -0 gofmt -l); \
	if [ -n "$$out" ]; then echo "not formatted (run gofmt -w):"; echo "$$out"; exit 1; fi
	@echo "fmt: ok"

.PHONY: vet
vet: ## go vet over the workspace.
	go vet work

.PHONY: tidy
tidy: ## Fail if a go.mod or go.sum is not tidy.
	@$(call each,GOWORK=off go mod tidy -diff)
	@echo "tidy: ok"

.PHONY: alone
alone: ## Build, vet and compile the tests of each module without the workspace, as its users get it.
	@$(call each,GOWORK=off go build -o /dev/null ./... && GOWORK=off go vet ./... && GOWORK=off go test -run '^$$' ./... >/dev/null)
	@echo "alone: ok"

.PHONY: race
race: ## All tests of all modules under the race detector, in random order.
	go test -race -shuffle=on $(TESTFLAGS) work

.PHONY: structure
structure: ## The rules of the repository: who imports whom, comments, documents that compile.
	cd internal/structure && go test -count=1 $(TESTFLAGS) ./...

$(GOLANGCI):
	@mkdir -p bin
	GOBIN=$(CURDIR)/bin GOWORK=off GOFLAGS= go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv bin/golangci-lint $@

.PHONY: lint
lint: $(GOLANGCI) ## golangci-lint over every module.
	@$(call patterns,.); $(GOLANGCI) run --allow-parallel-runners $$pkgs

.PHONY: fix
fix: $(GOLANGCI) ## Format every Go file the way lint wants it.
	$(GOLANGCI) fmt

.PHONY: vectors
vectors: ## Replay the recorded exchanges of the reference implementation; CHATKIT_VECTORS names another folder.
	go run ./conformance

.PHONY: adapters
adapters: ## The adapter suite, over real connections, for every framework.
	bash adapters/conformance.sh

.PHONY: cross
cross: ## Type-check the watcher of fasthttp and Fiber for every system and architecture it is for.
	GOWORK=off go -C internal/structure build -o ../../bin/cross ./cross
	GOWORK=off bin/cross adapters/fasthttp

.PHONY: nginx
nginx: ## Streams through a real nginx, as docs/nginx.md sets it up and otherwise; installs nginx as root.
	cd e2e/nginx && go test -count=1 $(TESTFLAGS) ./...

.PHONY: fixtures
fixtures: ## Replay recorded model streams; they lie in CHATKIT_FIXTURES or in ../shared/fixtures.
	go run ./core/agent/internal/fixtures

.PHONY: examples
examples: ## Build every example and drive it.
	cd examples && go build -o /dev/null ./... && go test -count=1 $(TESTFLAGS) ./...

.PHONY: bench
bench: ## Every benchmark, with allocations.
	@$(call each,go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -count $(BENCHCOUNT) ./...)

.PHONY: fuzz
fuzz: ## Every fuzz target for FUZZTIME each.
	@found=0; \
	while IFS=: read -r file target; do \
		found=$$((found+1)); echo "== $${file%/*} $$target"; \
		( cd "$${file%/*}" && go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) . ); \
	done < <(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sed 's/func //' | sort); \
	if [ $$found -eq 0 ]; then echo "fuzz: no fuzz target found" >&2; exit 1; fi; \
	echo "fuzz: $$found targets, $(FUZZTIME) each"

.PHONY: types
types: ## Check our events against the type declarations of the official client; needs node and npm.
	@$(call need,e2e/types/check.sh)
	bash e2e/types/check.sh

.PHONY: vendored
vendored: ## Make the libraries of the playground's page again and compare; needs node and npm.
	@$(call need,core/playground/internal/vendored/check.sh)
	bash core/playground/internal/vendored/check.sh

.PHONY: browser
browser: ## Drive the examples in a real browser; needs node, npm, chromium and nginx.
	@$(call need,e2e/browser/run.sh)
	bash e2e/browser/run.sh

.PHONY: screenshots
screenshots: ## Take the pictures of the playground in docs anew; needs what browser needs.
	@$(call need,e2e/browser/run.sh)
	bash e2e/browser/run.sh screenshots.js

.PHONY: check
check: ## All that CI runs, in its order.
	bash .ci/run
