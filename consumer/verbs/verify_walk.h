/* Walks a lane's chain of seals, and its journal and quarantine with it. */
#ifndef TELLER_VERBS_VERIFY_WALK_H
#define TELLER_VERBS_VERIFY_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/digest.h"
#include "common/pg/pg_conn.h"
#include "consumer/adapters/pg_audit.h"
#include "consumer/core/seal.h"
#include "consumer/verbs/verify_accounts.h"
#include "consumer/verbs/verify_finding.h"
#include "consumer/verbs/verify_holds.h"
#include "consumer/verbs/verify_record.h"

/* One record makes no more rows: a tick ends at most WANTS_DUE_MAX holds, a chunk settles
 * WANTS_CHUNK_MAX subscriptions (two rows each in its own lane), a group has 17 rows. */
#define VERIFY_RECORD_ROWS_MAX 4096

struct verify_walk {
    struct pg_conn *conn;
    uint16_t lane;
    struct verify_books books;
    struct verify_holds *holds;
    struct finding *finding;
    struct digest *digest;
    uint8_t head[SEAL_LEN]; /* the last seal that was checked */
    int64_t next_seal;
    int64_t last_offset; /* everything up to here is read */
    int64_t last_at_ms;  /* lane time so far */
    uint64_t rows;
    uint64_t quarantined;
    struct audit_journal_row *record; /* the rows of one record */
    const struct journal_row **pointers;
    size_t record_count;
};

/* What it points to must outlive it. Aborts when out of memory. */
void verify_walk_init(struct verify_walk *walk, struct pg_conn *conn, uint16_t lane);
void verify_walk_close(struct verify_walk *walk);

/* Checks the seals below number `target`, and all rows up to the last one's offsets. Stops at the
 * first finding (PG_DONE). */
enum pg_answer verify_walk_to(struct verify_walk *walk, int64_t target, struct pg_failure *failure);

/* Inside a snapshot: the lane row ends where the chain ends, and no row lies behind it. */
enum pg_answer verify_walk_end(struct verify_walk *walk, const struct pg_lane *lane,
                               struct pg_failure *failure);

#endif
