#include "consumer/adapters/pg_store.h"

#include <stdlib.h>
#include <string.h>

#include "common/pg/pg_conn.h"
#include "consumer/adapters/pg_session.h"

struct pg_store *pg_store_new(const struct pg_store_options *options) {
    struct pg_store *store = calloc(1, sizeof *store);
    if (store != NULL) {
        store->options = *options;
        if (store->options.copy_rows == 0) {
            store->options.copy_rows = PG_STORE_COPY_ROWS;
        }
    }
    return store;
}

void pg_store_free(struct pg_store *store) {
    if (store != NULL) {
        pg_conn_close(store->conn);
        pg_params_close(&store->params);
        pg_bytes_close(&store->copy);
        free(store->rows);
        free(store->sent);
        free(store);
    }
}

enum pg_answer pg_store_connect(struct pg_store *store, struct pg_failure *failure) {
    const struct pg_conn_options options = {
        .conninfo = store->options.conninfo,
        .application = PG_APPLICATION_WORKER,
        .session = PG_SESSION_WORKER,
        .call_ms = store->options.call_ms,
    };
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    pg_conn_close(store->conn);
    memset(store->prepared, 0, sizeof store->prepared);
    store->conn = pg_conn_open(&options, failure);
    return store->conn != NULL ? PG_DONE : failure->answer;
}

bool pg_store_usable(const struct pg_store *store) {
    return pg_conn_usable(store->conn);
}
