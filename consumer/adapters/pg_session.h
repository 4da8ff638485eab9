/* The inside of a store: one connection, its prepared statements, and pipelines over it. Only the
 * pg_store files include it.
 *
 * A pipeline is pg_session_begin, sends, pg_session_end: one round trip. Outside BEGIN and COMMIT
 * it is one implicit transaction: the Sync at its end commits, any error rolls all of it back. */
#ifndef TELLER_ADAPTERS_PG_SESSION_H
#define TELLER_ADAPTERS_PG_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/pg/pg_wire.h"
#include "consumer/adapters/pg_lane.h"
#include "consumer/adapters/pg_params.h"
#include "consumer/adapters/pg_sql.h"
#include "consumer/adapters/pg_store.h"

#define PG_STATEMENT_ENUM(name, parameters, text) PG_##name,
enum pg_statement { PG_STATEMENTS(PG_STATEMENT_ENUM) PG_STATEMENTS_COUNT };
#undef PG_STATEMENT_ENUM

/* What was sent and waits for its result. */
struct pg_sent {
    enum pg_statement statement; /* PG_STATEMENTS_COUNT: not of one lane */
    size_t index;                /* of the caller's lane */
};

struct pg_store {
    struct pg_store_options options;
    struct pg_conn *conn;
    bool prepared[PG_LANES_MAX];
    struct pg_params params;
    struct pg_bytes copy;
    const void **rows; /* scratch: the rows of one statement */
    size_t rows_room;
    struct pg_sent *sent;
    size_t sent_count;
    size_t sent_room;
};

/* Room for `count` row pointers: store->rows. */
const void **pg_session_rows(struct pg_store *store, size_t count);

/* Points store->rows at `count` rows that lie side by side. */
void pg_session_pick(struct pg_store *store, const void *first, size_t stride, size_t count);

/* Puts a lane's number in place of every "{lane}". */
void pg_session_text(const char *sql, uint16_t lane, char *out, size_t room);

/* Prepares what a lane needs, unless this connection has it. Not within a pipeline. */
enum pg_answer pg_session_prepare(struct pg_store *store, uint16_t lane,
                                  struct pg_failure *failure);

enum pg_answer pg_session_begin(struct pg_store *store, struct pg_failure *failure);

/* Queues a lane's statement with store->params; `index` comes back with its result. */
enum pg_answer pg_session_send(struct pg_store *store, enum pg_statement statement, uint16_t lane,
                               size_t index, struct pg_failure *failure);

/* Queues another one: text is a constant of ours. */
enum pg_answer pg_session_send_text(struct pg_store *store, const char *sql,
                                    struct pg_failure *failure);

/* Gets each result (of PG_SHARES: row by row, then an empty one); false: it is not fit to use, a
 * row that breaks our own rules. */
typedef bool pg_result_fn(const PGresult *result, const struct pg_sent *sent, void *context);

/* Syncs, reads all results, leaves the pipeline. `each` may be NULL. The first failure counts; in
 * PG_LOST failure->unknown says that the Sync may have arrived. */
enum pg_answer pg_session_end(struct pg_store *store, pg_result_fn *each, void *context,
                              struct pg_failure *failure);

/* Sends one statement of a lane outside a pipeline; results by pg_wire_result. */
enum pg_answer pg_session_call(struct pg_store *store, enum pg_statement statement, uint16_t lane,
                               struct pg_failure *failure);

#endif
