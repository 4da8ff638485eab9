# Teller's one makefile. It is not recursive (the sanitiser builds apart) and finds sources by
# wildcard: a new file in a room is built without an edit here.
#
#   make              build/teller and build/tellerd (installs missing packages first)
#   make test         every test but the images'; ends with "N passed, N failed"
#   make unit ARGS="--filter money/*"      one suite, arguments passed to its binary
#   make sim SEEDS=1000000                 more seeds; SEED=n tells the story of one
#   make mutants                           the simulator finds every guard that is taken away
#   make BUILD=/tmp/b CC=clang WERROR=     another directory, another compiler, warnings allowed

BUILD   ?= build
SANDBOX ?= .sandbox
ARGS    ?=
WERROR  ?= -Werror
ifeq ($(origin CC),default)
CC := gcc
endif

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
.DEFAULT_GOAL := all

# ---------------------------------------------------------------------------------- compiler flags
# Each is probed: one that this compiler does not know is left out. A reason for every flag.
WARN_WANTED :=
WARN_WANTED += -Wall -Wextra              # the compiler's own idea of suspicious code
WARN_WANTED += -Wconversion               # money must not change value in an implicit conversion
WARN_WANTED += -Wsign-conversion          # nor its sign; clang does not imply it everywhere
WARN_WANTED += -Wshadow                   # an inner name that hides an outer one
WARN_WANTED += -Wstrict-prototypes        # f() instead of f(void): arguments unchecked
WARN_WANTED += -Wmissing-prototypes       # a function that should be static, or lacks its header
WARN_WANTED += -Wold-style-definition     # K&R definitions check nothing
WARN_WANTED += -Wredundant-decls          # the same contract stated twice drifts apart
WARN_WANTED += -Wformat=2                 # format strings that are not literals
WARN_WANTED += -Wformat-signedness        # %d for an unsigned id prints nonsense
WARN_WANTED += -Wvla                      # stack use must be bounded at compile time
WARN_WANTED += -Wundef                    # an unknown macro in #if is a typo, not 0
WARN_WANTED += -Wcast-qual                # casting const away
WARN_WANTED += -Wcast-align               # misaligned access is undefined
WARN_WANTED += -Wpointer-arith            # arithmetic on void pointers is not C
WARN_WANTED += -Wwrite-strings            # literals are const
WARN_WANTED += -Wdouble-promotion         # floats have no place near money
WARN_WANTED += -Wimplicit-fallthrough     # a forgotten break
WARN_WANTED += -Wlogical-op               # a && a
WARN_WANTED += -Wduplicated-cond          # an else-if that can never run
WARN_WANTED += -Walloc-zero               # malloc(0)
WARN_WANTED += -Wdate-time                # builds must be reproducible
# clang's part of -Wconversion: CHECK(!"why") is how an impossible place says its reason.
WARN_WANTED += -Wno-string-conversion
# Not -Wswitch-enum: it would demand all 150 librdkafka error codes in one switch. -Wall's -Wswitch
# already reports a missing value in our own enums, since our switches have no default.

HARDEN_WANTED :=
HARDEN_WANTED += -fstack-protector-strong   # canaries
HARDEN_WANTED += -fstack-clash-protection   # a large frame cannot jump over the guard page
HARDEN_WANTED += -fcf-protection=full       # CET: indirect branches land only where they may
HARDEN_WANTED += -fno-common                # one definition of each global
LINK_WANTED :=
LINK_WANTED += -Wl,-z,relro -Wl,-z,now    # full RELRO: the GOT is read-only after start
LINK_WANTED += -Wl,-z,noexecstack         # data is not code
LINK_WANTED += -Wl,--as-needed            # only the libraries that are used

OPTIMISE := -g -O2
ifdef SANITIZE
# The sanitisers bring their own checks; _FORTIFY_SOURCE would hide accesses from them.
OPTIMISE += -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all
LDFLAGS_SANITIZE := -fsanitize=$(SANITIZE)
else
OPTIMISE += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
endif

PACKAGES      := rdkafka libpq jansson libcrypto libmicrohttpd inih smartcols
TEST_PACKAGES := criterion
# The worker's: librdkafka makes and frees records and results in different threads, which glibc's
# caches do not serve. Measured in uniform drains beside other work: 13.0 us of CPU per command with
# glibc, 9.5 with it.
ALLOCATOR     := jemalloc

CPPFLAGS_ALL = -D_POSIX_C_SOURCE=200809L -I. -I$(BUILD) -I$(BUILD)/gen $(PKG_CFLAGS) $(CPPFLAGS)
CFLAGS_ALL   = -std=c11 -pthread -fPIE $(OPTIMISE) $(WARN) $(WERROR) $(HARDEN) $(CFLAGS)
LDFLAGS_ALL  = -pie -pthread $(LDFLAGS_SANITIZE) $(LINK) $(LDFLAGS)
COMPILE      = $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL)

# What the machine has is found out once per compiler, after the packages were installed: make
# builds this file and starts over. Nothing asks pkg-config before it is there.
CONFIG      := $(BUILD)/config-$(subst /,_,$(CC)).mk
NO_CONFIG   := clean deps check-deps test-total sandbox-up sandbox-down tidy fmt docker \
	docker-test bench-docs
ifneq ($(filter-out $(NO_CONFIG),$(or $(MAKECMDGOALS),all)),)
include $(CONFIG)
endif

$(CONFIG): Makefile tests/sandbox/deps
	@mkdir -p $(@D)
	@tests/sandbox/deps build
	@probe() { $(CC) -Werror "$$@" -x c -o /dev/null - <<<'int main(void) { return 0; }' 2>&-; }; \
	keep() { for flag in "$$@"; do if probe "$$flag"; then printf ' %s' "$$flag"; fi; done; echo; }; \
	{ printf 'WARN :=';   keep $(WARN_WANTED); \
	  printf 'HARDEN :='; keep $(HARDEN_WANTED); \
	  printf 'LINK :=';   keep $(LINK_WANTED); \
	  echo "PKG_CFLAGS := $$(pkg-config --cflags $(PACKAGES))"; \
	  echo "PKG_LIBS := $$(pkg-config --libs $(PACKAGES))"; \
	  echo "ALLOCATOR_LIBS := $$(pkg-config --libs $(ALLOCATOR))"; \
	  echo "TEST_CFLAGS := $$(pkg-config --cflags $(TEST_PACKAGES))"; \
	  echo "TEST_LIBS := $$(pkg-config --libs $(TEST_PACKAGES))"; } >$@

# ----------------------------------------------------------------------------------------- sources
COMMON_SRC   := $(wildcard common/*.c common/rt/*.c common/kafka/*.c common/pg/*.c)
CORE_SRC     := $(wildcard consumer/core/*.c)
TELLERD_SRC  := $(wildcard consumer/adapters/*.c consumer/runtime/*.c consumer/verbs/*.c)
PRODUCER_SRC := $(filter-out producer/main.c,$(wildcard producer/*.c))
HARNESS_SRC  := $(wildcard tests/harness/*.c tests/fakes/*.c)
BENCH_SRC    := $(wildcard tests/bench/*.c)
PEERS_SRC    := $(wildcard tests/bench/peers/*.c)
RACE_SRC     := $(filter-out tests/race/runner.c,$(wildcard tests/race/*.c))
FUZZ_SRC     := $(wildcard tests/fuzz/fuzz_*.c)
comma        := ,
SUITES       := unit trace integration chaos
suite_src     = $(wildcard tests/$(1)/*.c)
# Neither Criterion's own runner nor C11 threads work under ThreadSanitizer; its tests and
# librdkafka do, with these.
RUNNER_SRC   := $(if $(findstring thread,$(SANITIZE)),tests/sandbox/fork_runner.c)
THREADS_SRC  := $(if $(findstring thread,$(SANITIZE)),tests/sandbox/c11_threads.c)
MAIN_SRC     := $(wildcard consumer/main.c producer/main.c)

SIM_SRC      := $(wildcard tests/sim/*.c)
SIM_FAKES    := tests/fakes/memory_store.c tests/fakes/memory_store_load.c

obj  = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIBS := $(BUILD)/libtellerd.a $(BUILD)/libtellerd_core.a $(BUILD)/libteller_producer.a \
	$(BUILD)/libteller_common.a
GEN  := $(BUILD)/gen/schema_sql.h

PROGRAMS := $(if $(wildcard consumer/main.c),$(BUILD)/tellerd) \
	$(if $(wildcard producer/main.c),$(BUILD)/teller)
SUITE_BINS := $(foreach s,$(SUITES),$(if $(call suite_src,$(s)),$(BUILD)/tests/$(s)))
BENCH_BIN  := $(BUILD)/tests/teller-bench
RACE_LAB   := $(BUILD)/tests/race-lab
BENCH_PEERS := $(BUILD)/tests/bench-peers
FUZZ_BINS  := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/fuzz/%,$(FUZZ_SRC))

.PHONY: all deps check-deps libs test-bins $(SUITES) sim mutants test test-total schemas-test \
	tidy fmt \
	bench bench-full bench-docs bench-python race race-deps asan tsan fuzz fuzz-run \
	sandbox sandbox-up sandbox-down demo docker docker-test clean FORCE

all: $(PROGRAMS) $(LIBS)
libs: $(LIBS)
# Fuzz targets are linked by "make fuzz" alone, with clang; that they compile is seen here too.
test-bins: $(SUITE_BINS) $(BENCH_BIN) $(BENCH_PEERS) $(RACE_LAB) $(NO_HMAC) \
	$(call obj,$(FUZZ_SRC))

# ------------------------------------------------------------------------------------------- build
# Objects depend on the compile line itself: another CFLAGS or CC rebuilds them.
$(BUILD)/compile.txt: FORCE
	@mkdir -p $(@D)
	@cmp -s - $@ <<<'$(COMPILE)' || cat >$@ <<<'$(COMPILE)'

$(BUILD)/obj/%.o: %.c $(BUILD)/compile.txt | $(GEN)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/obj/tests/%.o: private CPPFLAGS_ALL += $(TEST_CFLAGS)

define archive
	@mkdir -p $(@D)
	@echo "  AR    $(@F)"
	@rm -f $@
	@$(or $(AR),ar) rcs $@ $(filter %.o,$^)
endef
$(BUILD)/libteller_common.a: $(call obj,$(COMMON_SRC)) ; $(archive)
$(BUILD)/libtellerd_core.a: $(call obj,$(CORE_SRC)) ; $(archive)
$(BUILD)/libtellerd.a: $(call obj,$(TELLERD_SRC)) $(BUILD)/obj/gen/schema_sql.o ; $(archive)
$(BUILD)/libteller_producer.a: $(call obj,$(PRODUCER_SRC)) ; $(archive)
$(BUILD)/libharness.a: $(call obj,$(HARNESS_SRC)) ; $(archive)

define link
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) \
		-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(PKG_LIBS) -lm $(1)
endef
$(BUILD)/tellerd: $(call obj,consumer/main.c $(THREADS_SRC)) $(filter-out %producer.a,$(LIBS))
	$(call link,$(if $(SANITIZE),,$(ALLOCATOR_LIBS)))
$(BUILD)/teller: $(call obj,producer/main.c $(THREADS_SRC)) \
		$(filter-out $(BUILD)/libtellerd%,$(LIBS))
	$(call link)

define suite_rule
$(BUILD)/tests/$(1): $(call obj,$(call suite_src,$(1)) $(RUNNER_SRC) $(THREADS_SRC)) \
		$(BUILD)/libharness.a $(LIBS)
	$$(call link,$$(TEST_LIBS))
endef
$(foreach s,$(SUITES),$(eval $(call suite_rule,$(s))))
$(BUILD)/tests/sim: $(call obj,$(SIM_SRC) $(SIM_FAKES)) $(BUILD)/libtellerd_core.a \
		$(BUILD)/libteller_common.a
	$(call link)

# The same machines and the same simulator in a smaller world: see tests/sim/small.sed.
SMALL        := $(BUILD)/small
SMALL_SRC    := $(CORE_SRC) $(SIM_FAKES) $(SIM_SRC)
SMALL_SCALED := $(addprefix consumer/core/,wants.h wants_buffer.h builder.h lane.c) tests/sim/sim.c
SMALL_OBJ    := $(patsubst %.c,$(SMALL)/obj/%.o,$(SMALL_SRC))
SMALL_COMPILE = $(CC) -I$(SMALL)/src $(CPPFLAGS_ALL) $(CFLAGS_ALL)
# A line of small.sed that meets nothing any more would leave the small world large, unnoticed.
$(SMALL)/every-line-meets: $(SMALL_SCALED) tests/sim/small.sed Makefile
	@mkdir -p $(@D)
	@grep '^s' tests/sim/small.sed | while IFS= read -r line; do \
		if cmp -s <(cat $(SMALL_SCALED)) <(cat $(SMALL_SCALED) | sed "$$line"); then \
			echo "tests/sim/small.sed: meets nothing: $$line" >&2; exit 1; fi; done
	@touch $@
$(addprefix $(SMALL)/src/,$(SMALL_SCALED)): $(SMALL)/src/%: % tests/sim/small.sed \
		$(SMALL)/every-line-meets
	@mkdir -p $(@D)
	@sed -f tests/sim/small.sed $< >$@
	@if cmp -s $< $@; then echo "tests/sim/small.sed does nothing to $<" >&2; exit 1; fi
$(SMALL)/obj/%.o: %.c $(BUILD)/compile.txt | $(addprefix $(SMALL)/src/,$(SMALL_SCALED))
	@mkdir -p $(@D)
	@echo "  CC    $< (small)"
	@$(SMALL_COMPILE) -MMD -MP -c -o $@ $(if $(filter $<,$(SMALL_SCALED)),$(SMALL)/src/)$<
$(patsubst %.c,$(SMALL)/obj/%.o,$(filter %.c,$(SMALL_SCALED))): $(SMALL)/obj/%.o: $(SMALL)/src/%.c
$(BUILD)/tests/sim-small: $(SMALL_OBJ) $(BUILD)/libteller_common.a
	$(call link)

# A worker that takes every leg for true: tests/chaos wants to see what the HMAC holds back.
NO_HMAC := $(BUILD)/tests/tellerd-without-hmac
$(BUILD)/gen/leg_without_hmac.c: consumer/core/leg.c Makefile
	@mkdir -p $(@D)
	@sed 's/return digest_equal(mac, .*);/return envelope != NULL;/' $< >$@
	@if cmp -s $< $@; then echo "no HMAC to take away from $<" >&2; exit 1; fi
$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c $(GEN) $(BUILD)/compile.txt
	@mkdir -p $(@D)
	@$(COMPILE) -MMD -MP -c -o $@ $<
$(NO_HMAC): $(call obj,consumer/main.c $(THREADS_SRC)) $(BUILD)/obj/gen/leg_without_hmac.o \
		$(filter-out %producer.a,$(LIBS))
	$(call link)

$(BENCH_BIN): $(call obj,$(BENCH_SRC) $(THREADS_SRC)) $(BUILD)/libharness.a $(LIBS)
	$(call link)
$(RACE_LAB): $(call obj,$(RACE_SRC) $(THREADS_SRC)) $(BUILD)/libharness.a $(LIBS)
	$(call link,-lhiredis)
$(call obj,$(RACE_SRC)): | race-deps
$(BENCH_PEERS): $(call obj,$(PEERS_SRC) tests/bench/meter.c tests/race/redis_lock.c \
		$(THREADS_SRC)) \
		$(BUILD)/libharness.a $(LIBS)
	$(call link,-lhiredis)

# The schema travels inside tellerd: one string per numbered file, in the order of its number.
SCHEMA_SQL := $(sort $(wildcard schemas/db/[0-9]*_*.sql))
$(BUILD)/gen/schema_sql.h: Makefile
	@mkdir -p $(@D)
	@printf '%s\n' '/* Generated: the SQL files of schemas/db, by ascending number. */' \
		'#ifndef GEN_SCHEMA_SQL_H' '#define GEN_SCHEMA_SQL_H' '#include <stddef.h>' \
		'struct schema_file { const char *name; const char *text; };' \
		'extern const struct schema_file schema_files[];' \
		'extern const size_t schema_files_count;' '#endif' >$@
$(BUILD)/gen/schema_sql.c: $(SCHEMA_SQL) Makefile $(BUILD)/gen/schema_sql.list
	@{ echo '#include "schema_sql.h"'; \
	   echo 'const struct schema_file schema_files[] = {'; \
	   for file in $(SCHEMA_SQL); do \
	     echo "{\"$${file##*/}\","; sed 's/["\\?]/\\&/g; s/.*/"&\\n"/' "$$file"; echo '},'; \
	   done; \
	   echo '{NULL, NULL}};'; \
	   echo 'const size_t schema_files_count = sizeof schema_files / sizeof *schema_files - 1;'; \
	 } >$@
$(BUILD)/gen/schema_sql.list: FORCE
	@mkdir -p $(@D)
	@cmp -s - $@ <<<'$(SCHEMA_SQL)' || cat >$@ <<<'$(SCHEMA_SQL)'

-include $(patsubst %.o,%.d,$(call obj,$(COMMON_SRC) $(CORE_SRC) $(TELLERD_SRC) $(PRODUCER_SRC) \
	$(MAIN_SRC) $(RUNNER_SRC) $(HARNESS_SRC) $(BENCH_SRC) $(PEERS_SRC) $(RACE_SRC) $(SIM_SRC) \
	$(FUZZ_SRC) \
	$(foreach s,$(SUITES),$(call suite_src,$(s))))) \
	$(SMALL_OBJ:.o=.d) $(BUILD)/obj/gen/leg_without_hmac.d

# ------------------------------------------------------------------------------------------- tests
# unit and trace touch nothing outside their process and run in parallel; the others share one
# broker and one database.
unit trace: SUITE_ENV :=
integration chaos: SUITE_ENV = . $(SANDBOX)/env;
integration chaos: SUITE_JOBS := --jobs 1
integration chaos: sandbox-up $(PROGRAMS)
integration: $(RACE_LAB) $(BENCH_BIN) $(BENCH_PEERS) bench-python
chaos: $(NO_HMAC)
# They share the sandbox and watch the clock: never two suites at once.
integration: | $(filter unit trace,$(MAKECMDGOALS))
chaos: | $(filter unit trace integration,$(MAKECMDGOALS))

define suite_run_rule
$(1): $(if $(call suite_src,$(1)),$(BUILD)/tests/$(1))
	@$$(if $$(filter $(BUILD)/tests/$(1),$$^),$$(SUITE_ENV) export TELLER_BUILD=$(BUILD); \
		tests/sandbox/suite $(1) $(BUILD)/results $(BUILD)/tests/$(1) $$(SUITE_JOBS) $$(ARGS),\
		echo "$(1): no tests")
endef
$(foreach s,$(SUITES),$(eval $(call suite_run_rule,$(s))))

# What an independent validator says of a command is what the codec says.
schemas-test: all
	@tests/sandbox/deps schemas
	@export TELLER_BUILD=$(BUILD); \
		tests/sandbox/suite schemas $(BUILD)/results tests/schemas/run $(ARGS)

# All seeds run in the small world, and a tenth of them in the real one, which is slower.
SEEDS ?= $(if $(SANITIZE),1000,20000)
SEED  ?=
sim: $(BUILD)/tests/sim $(BUILD)/tests/sim-small
	@tests/sandbox/suite sim $(BUILD)/results $(BUILD)/tests/sim-small \
		$(if $(SEED),--seed=$(SEED),--seeds=$(SEEDS))
	@tests/sandbox/suite sim-full $(BUILD)/results $(BUILD)/tests/sim \
		$(if $(SEED),--seed=$(SEED),--seeds=$$(( $(SEEDS) / 10 )))
mutants: $(SMALL_OBJ) $(BUILD)/libteller_common.a
	@COMPILE='$(SMALL_COMPILE)' LINK='$(CFLAGS_ALL) $(LDFLAGS_ALL)' LINK_LIBS='$(PKG_LIBS) -lm' \
		COMMON=$(BUILD)/libteller_common.a SMALL=$(SMALL) OBJECTS='$(SMALL_OBJ)' \
		tests/sandbox/suite mutants $(BUILD)/results tests/sim/mutants $(ARGS)

tidy:
	@tests/sandbox/deps tidy
	@tests/sandbox/suite tidy $(BUILD)/results tests/tidy/run $(ARGS)

# Every suite in turn, whatever became of the one before; then the sum over what they left.
TEST_TARGETS := tidy schemas-test unit trace sim mutants integration chaos
TEST_RESULTS := tidy schemas unit trace sim sim-full mutants integration chaos
test: all test-bins
	@tests/sandbox/deps sandbox tidy schemas
	@rm -rf $(BUILD)/results
	@for target in $(TEST_TARGETS); do \
		$(MAKE) --no-print-directory $$target ARGS= || true; done
	@tests/sandbox/total $(BUILD)/results $(TEST_RESULTS)
# The same sum with suites that ran apart: make test-total ALSO=docker
test-total:
	@tests/sandbox/total $(BUILD)/results $(TEST_RESULTS) $(ALSO)

# Reports go to files: what is found in a worker that is killed later must not die with it.
# $(1): directory below BUILD; $(2): -fsanitize; $(3): suites; $(4): further options of the runtime
define sanitised
	@rm -rf $(BUILD)/$(1)/reports && mkdir -p $(BUILD)/$(1)/reports
	@+status=0; options='log_path=$(abspath $(BUILD)/$(1))/reports/report $(4)'; \
	export ASAN_OPTIONS="$$options" TSAN_OPTIONS="$$options"; \
	$(MAKE) --no-print-directory -k BUILD=$(BUILD)/$(1) SANITIZE=$(2) $(3) || status=$$?; \
	if found=$$(grep -lE 'SUMMARY|ERROR|runtime error' $(BUILD)/$(1)/reports/* 2>&-); then \
		cat $$found; status=1; fi; exit $$status
endef
asan:
	$(call sanitised,asan,address$(comma)undefined,unit trace sim integration)
tsan:
	$(call sanitised,tsan,thread,unit trace integration, \
		suppressions=$(abspath tests/sandbox/tsan.supp))

# libFuzzer is clang's. A failing input is kept under $(BUILD)/fuzz/findings; ARGS="-runs=0" only
# replays the corpus. Longer: make fuzz FUZZ_SECONDS=600
FUZZ_SECONDS ?= 15
fuzz:
	@tests/sandbox/deps fuzz
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang \
		SANITIZE=fuzzer-no-link,address,undefined fuzz-run
fuzz-run: $(FUZZ_BINS)
	@tests/fuzz/run $(BUILD) $(FUZZ_SECONDS) $(ARGS)
$(FUZZ_BINS): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/libharness.a $(LIBS)
	$(call link,-fsanitize=fuzzer)

# All of it in under ten minutes, or in hours; ARGS="--only W1,L --runs 5" measures parts anew,
# ARGS=--resume what is missing. Results, tables and plots are in $(BUILD)/bench/short and .../full.
bench: BENCH_LENGTH := short
bench-full: BENCH_LENGTH := full
bench bench-full: sandbox-up $(PROGRAMS) $(BENCH_BIN) $(BENCH_PEERS) bench-python
	@. $(SANDBOX)/env; export TELLER_BUILD=$(BUILD); \
	$(BUILD)/venv-bench/bin/python tests/bench/suite.py --length $(BENCH_LENGTH) \
		--out $(BUILD)/bench/$(BENCH_LENGTH) $(ARGS)
# Puts the figures of the full form into the document.
bench-docs: bench-python
	@$(BUILD)/venv-bench/bin/python tests/bench/report.py $(BUILD)/bench/full docs/performance.md
bench-python:
	@tests/sandbox/deps bench
	@tests/sandbox/venv $(BUILD)/venv-bench tests/bench/requirements.txt >/dev/null

# Table on the terminal, page and figures in $(BUILD)/race.    make race ARGS="--long"
race: sandbox-up $(PROGRAMS) $(RACE_LAB)
	@. $(SANDBOX)/env; TELLER_BUILD=$(BUILD) $(RACE_LAB) --out $(BUILD)/race $(ARGS)
race-deps:
	@tests/sandbox/deps race

# ----------------------------------------------------------------------------------------- sandbox
deps:
	@tests/sandbox/deps build sandbox tidy schemas
check-deps: deps

sandbox-up:
	@tests/sandbox/deps sandbox
	@tests/sandbox/up $(SANDBOX)
sandbox: all sandbox-up
	@tests/sandbox/init $(SANDBOX) $(BUILD)
sandbox-down:
	@tests/sandbox/down $(SANDBOX)
demo: sandbox
	@tests/sandbox/demo $(SANDBOX) $(BUILD)

# ------------------------------------------------------------------------------------------ others
fmt:
	@tests/sandbox/deps fmt
	@git ls-files '*.c' '*.h' | xargs -r clang-format -i
docker:
	@docker/build
docker-test:
	@tests/sandbox/suite docker $(BUILD)/results tests/docker/run
clean:
	rm -rf $(BUILD)
FORCE:
