# What to run: `make demo`, `make test`, `make test-cluster`, `make release`, `make postgresql`, `make install PREFIX=~/.local`, `make uninstall`, `make dist`, `make bench`,
# `make bench-feed`, `make bench-shards`, `make bench-moving`, `make bench-replicas`, `make bench-search`, `make bench-films`,
# `make bench-playback`, `make bench-analytics`, `make bench-serve`, `make bench-servers`, `make bench-notifications`, `make bench-queue`, `make check-serve`,
# `make soak`, `make torture`, `make fuzz`, `make race`, `make coverage`.
# Each target first installs what a Debian machine with Swift lacks for it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PREFIX ?= /usr/local
VERSION := $(shell sed -n 's/.*static let version = "\(.*\)"/\1/p' Sources/SocialCLI/Program/SocialSpecification.swift)
RELEASE := .build/release/social

BUILD_PACKAGES := libsqlite3-dev zlib1g-dev binutils
TEST_PACKAGES := $(BUILD_PACKAGES) strace jq mandoc bash-completion zsh fish faketime
BENCH_PACKAGES := $(BUILD_PACKAGES) sqlite3 python3 redis-server

# Installs the Debian packages that are missing, and does nothing when none is.
define need
@missing=$$(for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || echo $$package; done); \
if [ -n "$$missing" ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing; fi
endef

.PHONY: demo test test-cluster release postgresql install uninstall dist bench bench-feed bench-shards bench-moving bench-replicas bench-search bench-films bench-playback bench-analytics bench-serve bench-servers bench-notifications bench-queue check-serve soak torture fuzz race coverage clean

demo: release
	$(RELEASE) demo

# What is said about files of other packages, and the C library's linker notes on static programs, which name functions of
# Foundation that this program never calls.
FOREIGN := grep --line-buffered -vE "'swift-[a-z-]*': found . file|statically linked applications|use of .mktemp. is dangerous"

test:
	$(call need,$(TEST_PACKAGES))
	swift test 2>&1 | $(FOREIGN)

release:
	$(call need,$(BUILD_PACKAGES))
	swift build -c release --product social 2>&1 | $(FOREIGN)
	strip -o $(RELEASE).stripped $(RELEASE)
	install -m 755 $(RELEASE).stripped $(RELEASE) && rm $(RELEASE).stripped

# The same program with PostgreSQL's client library, .build-pg/release/social-pg: networks whose truth is on servers.
postgresql:
	$(call need,$(BUILD_PACKAGES) libpq-dev)
	swift build -c release --traits PostgreSQL --scratch-path .build-pg --product social 2>&1 | $(FOREIGN)
	strip -o .build-pg/release/social-pg .build-pg/release/social

# What is installed, as FROM:TO: the program, and man pages and completions where man and the shells look for them.
SHARE := $(DESTDIR)$(PREFIX)/share
INSTALLED := $(RELEASE):$(DESTDIR)$(PREFIX)/bin/social \
	$(foreach page,$(wildcard man/*),$(page):$(SHARE)/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page))) \
	completions/social.bash:$(SHARE)/bash-completion/completions/social \
	completions/_social:$(SHARE)/zsh/site-functions/_social \
	completions/social.fish:$(SHARE)/fish/vendor_completions.d/social.fish

install: release
	@for pair in $(INSTALLED); do \
		case $$pair in $(RELEASE):*) mode=755;; *) mode=644;; esac; \
		install -D -m $$mode "$${pair%%:*}" "$${pair#*:}"; \
	done
	@echo "installed in $(DESTDIR)$(PREFIX)"

uninstall:
	@for pair in $(INSTALLED); do rm -f "$${pair#*:}"; done

dist: release
	mkdir -p dist/social-$(VERSION)
	cp -r $(RELEASE) README.md LICENSE man completions dist/social-$(VERSION)/
	tar -C dist -czf dist/social-$(VERSION).tar.gz social-$(VERSION)

bench: release
	$(call need,$(BENCH_PACKAGES))
	python3 Benchmarks/command_line.py --social $(RELEASE)

# The package has programs that measure only for those who ask for them.
bench-%: export SOCIAL_BENCHMARKS := 1

# The feed engine beside Redis and SQLite; FEED_BENCH takes options, such as --only page,pull or --quick.
FEED_BENCH ?=
bench-feed: release
	$(call need,$(BENCH_PACKAGES))
	swift build -c release --product feed-bench 2>&1 | grep -vE "statically linked applications"
	python3 Benchmarks/feed.py $(FEED_BENCH)

# Ids and shards beside Snowflake, jump hash and a ring; SHARD_BENCH takes options, such as --only ids,keys or --quick.
SHARD_BENCH ?=
bench-shards: release
	$(call need,$(BENCH_PACKAGES))
	swift build -c release --product shard-bench 2>&1 | grep -vE "statically linked applications"
	python3 Benchmarks/shards.py $(SHARD_BENCH)

# How long writers wait while slots move between shards, and whether anything is lost.
bench-moving: release
	$(call need,$(BENCH_PACKAGES))
	python3 Benchmarks/moving.py

# Replicas that are deleted, cut off and damaged while somebody writes, and whether anything is lost.
bench-replicas: release
	$(call need,$(BENCH_PACKAGES))
	python3 Benchmarks/replicas.py

# Ranking, spelling and speed of search beside FTS5 and, where it is installed (`pip install tantivy`), Tantivy. Spelling needs
# FREQUENCIES, a file with an English word and how often it occurs on each line.
bench-search: release
	$(call need,$(BENCH_PACKAGES) wamerican)
	swift build -c release --product search-bench
	python3 Benchmarks/search.py --words /usr/share/dict/words $(if $(FREQUENCIES),--frequencies $(FREQUENCIES))

# Uploads beside plain files, and pictures beside Pillow, exiftool, ffmpeg and PDQ (`pip install pillow pdqhash`).
BENCH_PLACE ?= .build
bench-uploads: release
	$(call need,$(BENCH_PACKAGES) libimage-exiftool-perl ffmpeg time)
	swift build -c release --product media-bench 2>&1 | grep -vE "statically linked applications"
	python3 Benchmarks/uploads.py --place $(BENCH_PLACE)
	python3 Benchmarks/pictures.py

# Films packaged for streaming beside ffmpeg: decoded to the same pictures and sound, and how fast. FILM_BENCH takes options, such as
# --film FILE or --only speed.
FILM_BENCH ?=
bench-films: release
	$(call need,$(BENCH_PACKAGES) ffmpeg)
	swift build -c release --product media-bench 2>&1 | grep -vE "statically linked applications"
	python3 Benchmarks/films.py $(FILM_BENCH)

# Adaptive playback beside the rules that are published; SABRE, the path of sabre.py, runs their simulator too.
bench-playback:
	$(call need,$(BENCH_PACKAGES))
	swift build -c release --product video-bench 2>&1 | grep -vE "statically linked applications"
	python3 Benchmarks/playback.py $(if $(SABRE),--sabre $(SABRE))

bench-analytics: release
	$(call need,$(BENCH_PACKAGES) goaccess)
	swift build -c release --product analytics-bench 2>&1 | grep -vE "statically linked applications"
	python3 Benchmarks/analytics.py $(ANALYTICS_BENCH)

# Feed pages over HTTP while pictures go up and posts are written, and ten thousand who listen; SERVE_BENCH takes options.
SERVE_BENCH ?=
bench-serve: release
	$(call need,$(BENCH_PACKAGES) wrk)
	python3 Benchmarks/serve.py --social $(RELEASE) $(SERVE_BENCH)

# A network on PostgreSQL servers beside the same network in files; SERVERS_BENCH takes options.
SERVERS_BENCH ?=
bench-servers: postgresql
	$(call need,$(BENCH_PACKAGES) wrk libpq-dev postgresql)
	python3 Benchmarks/servers.py $(SERVERS_BENCH)

# The inboxes of a network as large as a real one, with a burst of likes.
bench-notifications:
	$(call need,$(BUILD_PACKAGES))
	swift build -c release --product notification-bench 2>&1 | grep -vE "statically linked applications"
	folder=$$(mktemp -d) && .build/release/notification-bench 37700 578006 100000 $$folder/data; rm -rf $$folder

# Bursts into the queue, and how fast they are worked off.
bench-queue: release
	python3 Benchmarks/queue.py --social $(RELEASE)

# The server from outside: its page in a browser, behind nginx, at full load while a server is killed, with thousands of clients
# and with hostile ones. CHECKS names some of them.
CHECKS ?= browser_check proxy_check hostile clients herd
check-serve: release
	$(call need,$(BUILD_PACKAGES) python3 chromium nginx-light ffmpeg)
	for check in $(CHECKS); do echo "== $$check"; python3 Benchmarks/$$check.py --social $(RELEASE); done

# A million random operations on networks with faults, half with each placement of posts: about half an hour on one core.
# A difference is found again with SOCIAL_TEST_SEED and the seed that it is reported with; SOAK_SCALE=1 is the usual run.
SOAK_SCALE ?= 500
soak:
	$(call need,$(BUILD_PACKAGES))
	TMPDIR=$$(test -w /dev/shm && echo /dev/shm || echo /tmp) SOCIAL_TEST_SCALE=$(SOAK_SCALE) swift test --filter FeedSoakTests

# Every parser reads FUZZ_RUNS damaged inputs under AddressSanitizer; FUZZ takes options and the names of parsers. Findings are kept in
# the folder `findings`, each as it was and made small.
FUZZ_RUNS ?= 1000000
FUZZ ?=
fuzz: export SOCIAL_BENCHMARKS := 1
fuzz:
	$(call need,$(BUILD_PACKAGES))
	swift build -c release --sanitize=address --scratch-path .build/address --product fuzz
	TMPDIR=$$(test -w /dev/shm && echo /dev/shm || echo /tmp) .build/address/release/fuzz run --runs $(FUZZ_RUNS) $(FUZZ)

# The suites in which threads share something, under ThreadSanitizer.
RACE ?= SocialServeTests|ObjectCrowdTests|SlotLoadsTests|AccessLogImportTests|BackupTests|SocialCoreTests.WorkerTests|LogTaskTests|SignalsTests|FeedConcurrencyTests|FeedRegenerationTests|FeedIndexDamageTests|UploadTests|SearchIndexTests
race:
	$(call need,$(TEST_PACKAGES))
	swift build --build-tests --sanitize=thread --scratch-path .build/thread
	TSAN_OPTIONS="halt_on_error=0 suppressions=$$PWD/Tests/races.txt" swift test --skip-build --sanitize=thread --scratch-path .build/thread --filter '$(RACE)'

# How much of each room the tests visit. ROOMS names those whose files are listed too, such as SocialCore/Storage.
ROOMS ?=
LLVM := $(dir $(shell readlink -f "$$(command -v swift)"))
coverage:
	$(call need,$(TEST_PACKAGES) python3)
	swift test --enable-code-coverage --scratch-path .build/coverage
	$(LLVM)llvm-cov export -summary-only -instr-profile .build/coverage/debug/codecov/default.profdata \
		.build/coverage/debug/socialPackageTests.xctest >.build/coverage/report.json
	python3 Tests/coverage.py .build/coverage/report.json $(ROOMS)

# The tests of networks on servers, beside PostgreSQL servers and an object store that are made for them. The object store is
# OpenStack Swift; its client, python3-swiftclient, must not come with it: it would hide the compiler, whose name it has.
CLUSTER_PACKAGES := libpq-dev postgresql python3 swift-proxy swift-account swift-container swift-object memcached
test-cluster:
	$(call need,$(TEST_PACKAGES) $(CLUSTER_PACKAGES))
	swift build --build-tests --traits PostgreSQL --scratch-path .build-pg 2>&1 | $(FOREIGN)
	python3 Tests/Cluster/conformance.py swift test --skip-build --traits PostgreSQL --scratch-path .build-pg \
		--filter 'SocialCoreTests\.(Store|PostgreSQL)|SocialCLITests\.Server'
	python3 Tests/Cluster/uploads.py .build-pg/debug/social
	python3 Tests/Cluster/failover.py .build-pg/debug/social --seconds 40

# Everything that tries to break a data directory, with its full numbers: hours. TORTURE takes options, such as
# --only power,storm, --scale 2, --minutes 10 or the --seed of a finding.
TORTURE ?=
torture:
	$(call need,$(TEST_PACKAGES) python3)
	swift build --build-tests
	python3 Benchmarks/torture.py $(TORTURE)

clean:
	rm -rf .build dist
