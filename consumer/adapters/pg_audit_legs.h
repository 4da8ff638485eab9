/* The steps of commands between lanes, for those who pair them: page after page, by command id. All
 * lanes of a page are read in one snapshot, so that a step is never seen without the one that asked
 * for it, however busy the ledger is. */
#ifndef TELLER_ADAPTERS_PG_AUDIT_LEGS_H
#define TELLER_ADAPTERS_PG_AUDIT_LEGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/pg/pg_conn.h"
#include "consumer/core/sale_rows.h"

/* One journal row of a command between lanes: steps 0 (pending) to 5. */
struct audit_step {
    uint16_t lane;
    struct entry entry; /* key, log_offset, type, outcome, amount, price, at_ms are filled in */
    int64_t held_delta;
    enum system_role counter_role;
    struct asset asset; /* of the money; len 0: of none */
};

/* The row of a subscription, and the last change of its product: told what became of it. */
struct audit_subscription {
    uint16_t lane;
    struct subscription row;
    int64_t log_offset;
    int64_t at_ms;
};

struct audit_legs {
    struct pg_rows *steps;         /* ordered by id, origin, step */
    struct pg_rows *subscriptions; /* of the same ids, ordered by id, origin */
    int steps_count;               /* what belongs to the page: no command is cut in two */
    bool is_last;
    int64_t read_at_ms; /* by the server's clock */
};

/* Reads the page of commands from `from` on. The page is closed with pg_audit_legs_close, whatever
 * the answer. */
enum pg_answer pg_audit_legs_read(struct pg_conn *conn, const struct uuid *from,
                                  struct audit_legs *page, struct pg_failure *failure);
void pg_audit_legs_close(struct audit_legs *page);

/* The first id that the page does not have; not for the last page. */
struct uuid pg_audit_legs_next(const struct audit_legs *page);

/* False: not a row of ours. */
bool pg_audit_legs_step(const struct audit_legs *page, int index, struct audit_step *out);
bool pg_audit_legs_subscription(const struct audit_legs *page, int index,
                                struct audit_subscription *out);
int pg_audit_legs_subscriptions(const struct audit_legs *page);

/* The chunk that an allotment goes on with, and the step that told it. */
struct audit_chunk {
    struct journal_key key;
    uint16_t lane;
    int64_t log_offset; /* of that step, as at_ms */
    int64_t at_ms;
    int64_t read_at_ms; /* by the server's clock */
};

/* All of them, from one snapshot; NULL: *failure says why. The caller frees the rows. */
struct pg_rows *pg_audit_chunks(struct pg_conn *conn, struct pg_failure *failure);

/* False: not a row of ours. */
bool pg_audit_chunk(const struct pg_rows *rows, int index, struct audit_chunk *out);

#endif
