/* The verbs of `teller`, one file per family; cli_verbs has the table. */
#ifndef TELLER_PRODUCER_VERBS_H
#define TELLER_PRODUCER_VERBS_H

#include "producer/cli.h"

verb_run verb_command;  /* every verb that sends one command */
verb_run verb_apply;    /* many commands from NDJSON */
verb_run verb_workload; /* many commands from a seeded generator */
verb_run verb_balance;
verb_run verb_history;
verb_run verb_product;
verb_run verb_outcome;
verb_run verb_config;
verb_run verb_completion;
verb_run verb_help;
verb_run verb_version;

/* What `teller VERB --help` prints. */
void verb_help_of(const struct verb *verb, FILE *out);

#endif
