/* One lane's part of a transaction of the floor: the rows that a worker would write for the same
 * commands, made by the shortest code that knows what must stand in them. */
#ifndef TELLER_TESTS_BENCH_FLOOR_BATCH_H
#define TELLER_TESTS_BENCH_FLOOR_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "consumer/core/rows.h"
#include "tests/bench/floor_log.h"

struct floor_batch {
    struct floor_log *log;
    uint16_t lane;
    size_t room;     /* steps of one transaction at most */
    size_t at;       /* first step that is not written */
    int64_t offset;  /* of the next record */
    uint32_t number; /* of this batch, from 1 */

    struct journal_row *rows;
    size_t rows_count;
    struct account *accounts; /* that changed, each once, by number */
    size_t accounts_count;
    struct hold *new_holds;
    size_t new_holds_count;
    struct hold *ended_holds;
    size_t ended_holds_count;
    struct journal_key *probes; /* ids that may have been seen */
    size_t probes_count;
    struct quarantine_row *quarantine;
    size_t quarantine_count;

    int64_t stock; /* of the product, if it is here */
    int64_t sold;
    int64_t product_version;

    /* Of all batches, for the proof. */
    int64_t rows_total;
    int64_t changes_total; /* of accounts' versions */
};

void floor_batch_init(struct floor_batch *batch, struct floor_log *log, uint16_t lane, size_t room);
void floor_batch_close(struct floor_batch *batch);

/* Makes the rows of the next steps below `end`, at most `most` of them; false: there are none. */
bool floor_batch_next(struct floor_batch *batch, size_t end, size_t most);

/* The number of the product in its lane: behind the accounts. */
int64_t floor_batch_product(const struct floor_batch *batch);

#endif
