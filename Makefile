# Ringside. `make` alone lists what there is.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# Tools of the checks come by the Go module proxy, at these versions.
GOFUMPT := go run mvdan.cc/gofumpt@v0.12.0
GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

# FUZZTIME is for each fuzz target; BENCH picks Go benchmarks.
FUZZTIME ?= 60s
BENCH ?= .

heading = @printf '\n── %s ──\n' '$(1)'

GO_FILES = find . \( -name node_modules -o -name .git \) -prune -o -name '*.go' -print0
UI_SOURCES := $(shell find ui \( -name node_modules -o -name dist -o -name coverage \) -prune -o -type f -not -name '*.go' -print 2>/dev/null)

.PHONY: help
help: ## List the targets
	@echo 'Ringside: make <target>'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ── Run ──────────────────────────────────────────────────────────────────────

.PHONY: run
run: build ## Build, then serve http://localhost:8080 with a Demo workspace; data in ./data
	@exec bin/ringside serve --demo --data ./data

.PHONY: demo
demo: build ## As run, with the sample calls made anew
	bin/ringside demo reset --data ./data
	@exec bin/ringside serve --demo --data ./data

.PHONY: build
build: ui binary ## Build the page and bin/ringside

.PHONY: binary
binary: need-go
	go build -o bin/ringside ./cmd/ringside

.PHONY: ui
ui: need-node ui/dist/index.html

ui/dist/index.html: ui/node_modules/.package-lock.json $(UI_SOURCES)
	npm --prefix ui run --silent build

ui/node_modules/.package-lock.json: ui/package.json ui/package-lock.json | need-node
	npm --prefix ui ci --no-audit --no-fund
	@touch $@

e2e/node_modules/.package-lock.json: e2e/package.json e2e/package-lock.json | need-node
	npm --prefix e2e ci --no-audit --no-fund
	@touch $@

.PHONY: need-go need-node
need-go need-node: need-%:
	@scripts/need.sh $*

# ── Check ────────────────────────────────────────────────────────────────────

.PHONY: check
check: need-go ui/node_modules/.package-lock.json ## Format, vet, lint, imports and sizes, types: under a minute when warm
	$(call heading,gofumpt)
	@bad=$$($(GO_FILES) | xargs -0 $(GOFUMPT) -l); \
		[ -z "$$bad" ] || { echo "$$bad"; echo 'Not formatted: make fmt' >&2; exit 1; }
	$(call heading,go vet)
	@go vet ./...
	$(call heading,golangci-lint)
	@$(GOLANGCI) run ./...
	$(call heading,archtest: imports and sizes and dependencies)
	@go test -count=1 ./internal/archtest
	$(call heading,tsc and biome)
	@npm --prefix ui run --silent check

.PHONY: fmt
fmt: need-go ui/node_modules/.package-lock.json ## Format Go and TypeScript
	@$(GO_FILES) | xargs -0 $(GOFUMPT) -w
	@cd ui && npx --no-install biome check --write --log-level=error

.PHONY: gen
gen: need-go ui/node_modules/.package-lock.json ## Write the OpenAPI document and the page's types from the code
	@scripts/gen.sh

.PHONY: gen-check
gen-check: need-go ui/node_modules/.package-lock.json
	$(call heading,generated files are fresh)
	@scripts/gen.sh --check

# ── Test ─────────────────────────────────────────────────────────────────────

.PHONY: test
test: need-go need-node deps gen-check test-ui test-go e2e ## All tests, on SQLite, PostgreSQL and in a browser
	$(call heading,all tests passed)

.PHONY: deps
deps:
	$(call heading,what the tests need)
	@scripts/deps.sh

.PHONY: test-ui
test-ui: ui/node_modules/.package-lock.json
	$(call heading,page: tsc and biome)
	@npm --prefix ui run --silent check
	$(call heading,page: unit tests)
	@npm --prefix ui run --silent test
	$(call heading,page: build and its weight)
	@npm --prefix ui run --silent build

.PHONY: test-go
test-go: need-go
	@scripts/with-postgres.sh scripts/test-go.sh

.PHONY: e2e
e2e: build e2e/node_modules/.package-lock.json ## Browser journeys against the real binary
	$(call heading,browser journeys)
	@scripts/e2e.sh

# ── Measure ──────────────────────────────────────────────────────────────────

.PHONY: fuzz
fuzz: need-go ## Run every fuzz target for FUZZTIME (60s) each
	@scripts/fuzz.sh $(FUZZTIME)

.PHONY: bench
bench: build ## Go benchmarks, and ingest under load against the real binary
	$(call heading,Go benchmarks)
	@go test -run '^$$' -bench '$(BENCH)' -benchmem ./...
	@scripts/bench.sh

.PHONY: bench-big
bench-big: build ## List, call and search latency at 100,000 and 1,000,000 calls
	@scripts/bench.sh --big

.PHONY: bench-live
bench-live: build ## How soon live events are with 500 readers, and what 10,000 live calls take
	@scripts/bench.sh --live

.PHONY: audio-accuracy
audio-accuracy: need-go deps ## How well recordings are heard: 8 calls of 5 minutes, 11 ways to record them
	$(call heading,accuracy on calls whose truth is known)
	@RINGSIDE_AUDIO_ACCURACY=1 go test -count=1 -timeout 60m -v -run 'TestAccuracy|TestBeep|TestDropouts' ./internal/audio
	@go test -run '^$$' -bench Analyse -benchmem ./internal/audio

.PHONY: clean
clean: ## Remove what was built; ./data stays
	rm -rf bin ui/node_modules ui/coverage e2e/node_modules e2e/test-results
	find ui/dist -mindepth 1 -not -name placeholder.html -delete
