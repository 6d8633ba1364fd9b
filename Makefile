# The front door: every target sets up what it needs inside this folder, nothing is installed
# globally. `make help` lists the targets, `make test STAGES="unit lab"` runs a part of the tests.

BUN = node_modules/.bin/bun
SOURCES := $(wildcard main.ts) $(shell find lib ffi -type f) deno.json package-lock.json

# npm writes this file last, so it tells when the packages were installed.
PACKAGES = node_modules/.package-lock.json

# A root daemon must not obey a .env, bunfig.toml, tsconfig.json or package.json that happens to
# lie in its working directory. Other targets' runtimes are npm packages, kept in this folder.
COMPILE = BUN_INSTALL_CACHE_DIR=node_modules/.cache/bun $(BUN) build --compile \
	--bytecode --format=esm --minify --splitting \
	--no-compile-autoload-dotenv --no-compile-autoload-bunfig \
	--no-compile-autoload-tsconfig --no-compile-autoload-package-json

TARGETS = x64 x64-baseline x64-musl arm64 arm64-musl
EXECUTABLES = $(TARGETS:%=dist/standin-linux-%)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test build dist bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

run: dist/standin ## a real failover between two routers on a virtual network, in 30 s, without root
	@dist/standin demo

test: $(PACKAGES) ## everything CI checks; STAGES="unit lab" runs a part
	@STAGES="$(STAGES)" $(BUN) test/support/run.ts

build: dist/standin ## dist/standin for this machine

dist: $(EXECUTABLES) ## executables for all targets, and their SHA256SUMS
	@$(BUN) test/support/dist.ts $(EXECUTABLES)

bench: dist/standin ## side by side with the installed keepalived; JSON goes to dist/bench/
	@$(BUN) test/bench/main.ts

clean: ## remove what was built
	@rm -rf dist

# An executable appears under its name only when it is complete.
dist/standin: $(SOURCES) $(PACKAGES)
	@mkdir -p dist
	@echo "building $@"
	@$(COMPILE) main.ts --outfile $@.new >/dev/null && mv $@.new $@

dist/standin-linux-%: $(SOURCES) $(PACKAGES)
	@mkdir -p dist
	@echo "building $@"
	@$(COMPILE) --target=bun-linux-$* main.ts --outfile $@.new >/dev/null && mv $@.new $@

$(PACKAGES): package.json package-lock.json
	@echo "installing npm packages"
	@npm ci --no-fund --no-audit --loglevel=error
	@touch $@
