#include "tests/bench/plan.h"

#include <stddef.h>
#include <stdio.h>

#include "common/rt/options.h"

#define AT(field) offsetof(struct plan, field)
#define FLAG(letter, name, field, help)                                                            \
    { name, letter, OPTION_FLAG, AT(field), NULL, NULL, NULL, 0, 0, false, help }
#define TEXT(name, field, initial, help)                                                           \
    { name, 0, OPTION_TEXT, AT(field), "TEXT", NULL, initial, 0, 0, false, help }
#define NUMBER(name, field, initial, low, high, help)                                              \
    { name, 0, OPTION_INT, AT(field), "N", NULL, initial, low, high, false, help }

static const struct option options[] = {
    FLAG('h', "help", help, "Show this help"),
    TEXT("out", out, "/dev/stdout", "File that the figures are appended to"),
    TEXT("workload", workload, "W1", "What the figures are of"),
    TEXT("mode", mode, "D", "How they were taken"),
    TEXT("variant", variant, "uniform", "Which kind of it"),
    TEXT("shape", shape, "uniform", "Commands, as of teller workload"),
    NUMBER("commands", commands, "200000", 1, 1000000000, "Commands to measure"),
    NUMBER("before", before, "0", 0, 1000000000, "Commands applied before them"),
    NUMBER("accounts", accounts, "100000", 1, 100000000, "Accounts there are"),
    NUMBER("stock", stock, "0", 0, INT64_MAX, "Pieces of the product"),
    NUMBER("lanes", lanes, "8", 1, 64, "Partitions of the commands topic"),
    NUMBER("cores", cores, "2", 1, 64, "Processor cores in use, and writers"),
    NUMBER("batch", batch, "5000", 1, 50000, "Most records of one transaction"),
    NUMBER("rate", rate, "100", 1, 10000000, "Commands per second"),
    NUMBER("seconds", seconds, "10", 1, 86400, "How long commands are sent"),
    FLAG(0, "spoil", spoil, "Damage the ledger before it is verified: for tests of the suite"),
};

bool plan_parse(int argc, char **argv, struct plan *plan) {
    struct err err = ERR_INIT;
    int count = (int)(sizeof options / sizeof *options);
    int operands = argc;
    *plan = (struct plan){.help = false};
    if (!options_parse(options, count, argc, argv, plan, NULL, &operands, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return false;
    }
    if (plan->help || operands < argc) {
        options_help(options, count, stderr);
        return false;
    }
    return true;
}
