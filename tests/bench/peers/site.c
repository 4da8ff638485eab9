#include "tests/bench/peers/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/peers/books.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/wait.h"

#define END_TIMEOUT_MS 20000

void site_open(struct site *site, unsigned needs) {
    *site = (struct site){.has = needs};
    (void)snprintf(site->scratch, sizeof site->scratch, "/tmp/teller-peers-XXXXXX");
    must(mkdtemp(site->scratch) != NULL, "no directory in /tmp");
    ledger_open(&site->ledger, "bench_peers", BACKLOG_PARTITIONS);
    site->db = site->ledger.db;
    backlog_open(&site->backlog, site->ledger.sandbox.brokers, site->ledger.commands);
    if ((needs & SITE_REDIS) != 0) {
        redis_server_start(&site->redis, site->scratch);
    }
    if ((needs & SITE_DJANGO) != 0) {
        django_python(site->python);
    }
}

void site_close(struct site *site) {
    if ((site->has & SITE_REDIS) != 0) {
        redis_server_stop(&site->redis);
    }
    ledger_close(&site->ledger);
    (void)rmdir(site->scratch);
}

void site_prepare(struct site *site, int64_t accounts) {
    books_open(site->db, accounts);
    backlog_pass_over(&site->backlog, site->db);
}

static bool is_alone(void *context) {
    const struct site *site = context;
    return db_int(site->db,
                  "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                  " AND backend_type = 'client backend'",
                  0) == 1;
}

void site_wait_alone(struct site *site) {
    wait_for("the end of the clients' sessions", is_alone, site, END_TIMEOUT_MS);
}
