# gatecrash: make help shows every target.
SHELL := /bin/sh
NODE_DIR := $(CURDIR)/.tools/node/node_modules/node/bin
# The pinned Node first, where `make setup` had to fetch one.
export PATH := $(NODE_DIR):$(PATH)
STABLE ?= reference@.
CANARY ?= reference@.
COMPOSE ?= docker compose --file examples/compose/compose.yaml

.DEFAULT_GOAL := help
.PHONY: help setup demo test canary check bench docs images soak up down conformance changelog-eval judge-study mutation trend-study fortnight regressions third-party clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## fetch what is missing: Node >= 24.12, npm packages, an etcd (all inside this folder)
	@sh scripts/setup.sh

demo: setup ## compare a good build with one that silently loses configuration (under 3 minutes)
	@sh scripts/demo.sh

test: setup ## format, lint, types, unused code, then every test
	@node scripts/test.ts

canary: setup ## compare two builds: make canary STABLE=reference@. CANARY=reference@.+<mutant>
	@./gatecrash canary --stable '$(STABLE)' --canary '$(CANARY)'

check: setup ## format, lint, types, unused code, unit tests
	@node scripts/test.ts --unit

bench: setup ## measure against goals and aims, all or ONLY='forwarding rivals'; the last rows of each stay in .bench/results.json
	@node bench/main.ts $(ONLY)

docs: setup ## write the measured parts of docs/ anew, from the last make bench where there was one
	@node scripts/docs.ts

images: setup ## build every container image whose inputs have changed, and see a real watch through one; needs a Docker engine
	@node scripts/images.ts

up: images ## the whole stack standing: etcd x3, watch proxy, two gateways, upstreams, toxiproxy, Prometheus, Grafana (port 3000)
	@$(COMPOSE) up --detach

down: ## take the stack of make up down
	@$(COMPOSE) down --volumes

soak: setup ## long random runs and one table of them, all or SOAK=plans, watch-proxy, bad-days: SCHEDULES=n ROUNDS=n SEED=s WAY=w FAMILY=f
	@SOAK='$(SOAK)' ROUNDS='$(ROUNDS)' WAY='$(WAY)' SCHEDULES='$(SCHEDULES)' SEED='$(SEED)' FAMILY='$(FAMILY)' node scripts/soak.ts

conformance: setup ## run one program at etcd and at the watch proxy; writes docs/WATCH-PROXY-CONFORMANCE.md
	@node scripts/conformance.ts

trend-study: setup ## false alarms and delay of the trend alarms on synthetic series; SERIES=n of each kind
	@node scripts/trend-study.ts '$(or $(SERIES),400)'

fortnight: setup ## 14 real nightly runs with a regression from night 8 on; MUTANT=<name> NIGHTS=n BAD_FROM=n; writes docs/NIGHTLY.md
	@NIGHTS='$(NIGHTS)' BAD_FROM='$(BAD_FROM)' node scripts/fortnight.ts '$(or $(MUTANT),router-sort-per-insert)'

changelog-eval: setup ## how well release notes are labelled and read: GOLD=<labelled lines, JSON> DIR=<folder of release notes>
	@GOLD='$(GOLD)' DIR='$(DIR)' node scripts/changelog-eval.ts

judge-study: setup ## record sessions of equal builds (AA=n) and of each dose (DOSES=n), MAX_TIME=2h; writes docs/JUDGE.md
	@AA='$(AA)' DOSES='$(DOSES)' MAX_TIME='$(MAX_TIME)' node scripts/judge-study.ts

regressions: setup ## try every known-bad and benign build; goes on where it was: ONLY=<build>,<scenario>,clean/<scenario> SHARD=1/3 MINUTES=15 AGAIN=1; writes docs/TRACK-RECORD.md
	@ONLY='$(ONLY)' SHARD='$(SHARD)' MINUTES='$(MINUTES)' AGAIN='$(AGAIN)' node scripts/regressions.ts

third-party: setup ## real gateways of others, by the regressions that they shipped; builds Traefik with Go (long, once): ONLY=a,b
	@ONLY='$(ONLY)' node scripts/third-party.ts

mutation: setup ## change the judge in small ways and count what its tests notice (hours), or a part: FILES='harness/judge/streams/*.ts'
	@npx stryker run $(if $(FILES),--mutate '$(FILES)')

clean: ## end what killed runs left; remove .tools, node_modules, dist and .bench (runs/ stays)
	-@if [ -d node_modules ]; then ./gatecrash clean; fi
	rm -rf .tools .bench dist node_modules gateway/node_modules
