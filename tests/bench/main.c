/* One measurement on the sandbox's variables.   usage: teller-bench VERB [OPTION...] */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "tests/bench/plan.h"

static const struct {
    const char *name;
    plan_verb *run;
    const char *what;
} verbs[] = {
    {"consume", bench_consume, "reads commands and does nothing with them (W0)"},
    {"drain", bench_drain, "applies a backlog"},
    {"floor", bench_floor, "writes the rows of a backlog, without Kafka and JSON"},
    {"latency", bench_latency, "sends at a given rate, and waits for results and commits"},
    {"turns", bench_turns, "sends one command at a time, and the floor of that (W9)"},
    {"crash", bench_crash, "kills worker, database and broker, in turn, under load (W8)"},
    {"growth", bench_growth, "measures with a short journal and with a long one"},
};

static void say_usage(void) {
    fputs("usage: teller-bench VERB [OPTION...]   (VERB --help: options)\n", stderr);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        fprintf(stderr, "  %-8s %s\n", verbs[i].name, verbs[i].what);
    }
}

int main(int argc, char **argv) {
    struct plan plan;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a suite that is broken off leaves nothing behind */
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, argv[1]) != 0) {
            continue;
        }
        if (!plan_parse(argc - 1, argv + 1, &plan)) {
            return 64;
        }
        verbs[i].run(&plan);
        return 0;
    }
    say_usage();
    return 64;
}
