#include "tests/bench/watch.h"

#include <stdlib.h>

#include "common/rt/clock.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"

static void note(struct watch_lane *lane, struct watch_mark mark) {
    if (lane->count > 0 && lane->marks[lane->count - 1].next_offset == mark.next_offset) {
        return;
    }
    if (lane->count == lane->room) {
        lane->room = lane->room == 0 ? 1024 : 2 * lane->room;
        lane->marks = realloc(lane->marks, lane->room * sizeof *lane->marks);
        must(lane->marks != NULL, "out of memory");
    }
    lane->marks[lane->count++] = mark;
}

static void look(struct watch *watch) {
    PGresult *rows = PQexecPrepared(watch->db, "look", 0, NULL, NULL, NULL, 0);
    must(PQresultStatus(rows) == PGRES_TUPLES_OK, "%s", PQerrorMessage(watch->db));
    uint32_t now = flight_now(watch->flight);
    for (int i = 0; i < PQntuples(rows); i++) {
        long lane = strtol(PQgetvalue(rows, i, 0), NULL, 10);
        int64_t next_offset = strtoll(PQgetvalue(rows, i, 1), NULL, 10);
        must(lane >= 0 && lane < WATCH_LANES_MAX, "lane %ld", lane);
        note(&watch->lanes[lane], (struct watch_mark){now, next_offset});
    }
    PQclear(rows);
}

static void *keep_looking(void *context) {
    struct watch *watch = context;
    while (!atomic_load(&watch->is_over)) {
        look(watch);
        clock_sleep_ms(watch->every_ms);
    }
    look(watch);
    return NULL;
}

void watch_start(struct watch *watch, const struct ledger *ledger, const struct flight *flight,
                 int64_t every_ms) {
    *watch = (struct watch){.flight = flight, .every_ms = every_ms, .db = db_open(ledger->admin)};
    PQclear(PQprepare(watch->db, "look", "SELECT lane, next_offset FROM teller.lane", 0, NULL));
    must(pthread_create(&watch->thread, NULL, keep_looking, watch) == 0, "no thread");
}

/* The first mark that is beyond the offset. */
static uint32_t visible_at(const struct watch_lane *lane, int64_t offset) {
    size_t low = 0;
    size_t high = lane->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (lane->marks[middle].next_offset > offset) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    must(low < lane->count, "a command was answered, and its commit was never seen");
    return lane->marks[low].at;
}

void watch_stop(struct watch *watch, struct flight *flight) {
    atomic_store(&watch->is_over, true);
    must(pthread_join(watch->thread, NULL) == 0, "no end of a thread");
    for (size_t i = 0; i < flight->count; i++) {
        flight->visible[i] = visible_at(&watch->lanes[flight->lane[i]], flight->offset[i]);
    }
    for (size_t lane = 0; lane < WATCH_LANES_MAX; lane++) {
        free(watch->lanes[lane].marks);
    }
    PQfinish(watch->db);
}
