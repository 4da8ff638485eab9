/* How far the outputs of one lane are acknowledged: pure counting, no Kafka.
 *
 * Outputs are counted in groups, one per mark. An output's report may arrive on another thread and
 * after the tenure has ended: so groups and tenures are counted by reference, and whoever drops the
 * last one frees it. */
#ifndef TELLER_ADAPTERS_OUTBOX_LEDGER_H
#define TELLER_ADAPTERS_OUTBOX_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

struct outbox_group;
struct outbox_tenure;

/* Belongs to the lane's thread; reports reach it only through the groups. */
struct outbox_ledger {
    struct outbox_tenure *tenure; /* NULL: none was begun yet */
    struct outbox_group *first;   /* closed by a mark, oldest first */
    struct outbox_group *last;
    struct outbox_group *open; /* NULL: nothing was sent since the last mark */
    int64_t published;
    uint32_t sent; /* in this tenure; wraps, like the count of reports */
};

/* A zeroed ledger may be begun or closed. */
void outbox_ledger_begin(struct outbox_ledger *ledger, int64_t published);
void outbox_ledger_close(struct outbox_ledger *ledger);

/* The group of the next output, with a reference for its report. Give it back by one of the two
 * functions below, once. */
struct outbox_group *outbox_ledger_send(struct outbox_ledger *ledger);

/* Any thread: the broker has the output, or it never will and is passed. */
void outbox_group_settle(struct outbox_group *group);
/* Any thread: the output is lost; its tenure is broken. `code`: why, not 0. */
void outbox_group_fail(struct outbox_group *group, int code);

void outbox_ledger_mark(struct outbox_ledger *ledger, int64_t next_offset);
int64_t outbox_ledger_published(struct outbox_ledger *ledger);
uint32_t outbox_ledger_pending(const struct outbox_ledger *ledger);
/* Why this tenure is broken: the code of an output that failed; 0: it is not. */
int outbox_ledger_broken(const struct outbox_ledger *ledger);

#endif
