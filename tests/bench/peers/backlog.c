#include "tests/bench/peers/backlog.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/partition.h"
#include "tests/bench/peers/draw.h"
#include "tests/harness/commands.h"
#include "tests/harness/db.h"
#include "tests/harness/sender.h"

#define SEED 1
#define FLUSH_TIMEOUT_MS 60000
#define KEY_ROOM 24
#define WAITING_MIN 2000
#define WAITING_PER_S 20000 /* if one is faster, it ends sooner, with its true rate */

void backlog_open(struct backlog *backlog, const char *brokers, const char *topic) {
    *backlog = (struct backlog){.brokers = brokers, .topic = topic};
    prng_seed(&backlog->prng, SEED);
}

void backlog_pass_over(const struct backlog *backlog, PGconn *db) {
    for (int i = 0; i < BACKLOG_PARTITIONS; i++) {
        char sql[96];
        (void)snprintf(sql, sizeof sql, "INSERT INTO position VALUES (%d, %" PRId64 ")", i,
                       backlog->ends[i]);
        db_exec(db, sql);
    }
}

static int64_t waiting(const struct backlog *backlog, PGconn *db) {
    int64_t sum = -db_int(db, "SELECT sum(next_offset)::bigint FROM position", 0);
    for (int i = 0; i < BACKLOG_PARTITIONS; i++) {
        sum += backlog->ends[i];
    }
    return sum;
}

static void put(struct backlog *backlog, struct sender *sender, const struct draw *draw,
                int32_t partition) {
    char key[KEY_ROOM];
    char text[COMMAND_TEXT_MAX];
    (void)snprintf(key, sizeof key, "%" PRId64, draw->account);
    commands_amount(text, draw->id, draw->amount > 0 ? "deposit" : "withdraw", key,
                    draw->amount > 0 ? draw->amount : -draw->amount);
    if (partition < 0) {
        partition = partition_of(key, strlen(key), BACKLOG_PARTITIONS);
    }
    sender_put(sender, &(struct parcel){
                           .key = slice_of(key), .value = slice_of(text), .partition = partition});
    backlog->ends[partition]++;
}

void backlog_fill(struct backlog *backlog, PGconn *db, const struct point *point) {
    struct sender sender;
    int64_t wanted = WAITING_MIN + WAITING_PER_S * point->run_ms / 1000;
    sender_open(&sender, backlog->brokers, backlog->topic);
    for (int64_t i = waiting(backlog, db); i < wanted; i++) {
        struct draw draw;
        draw_next(&draw, &backlog->prng, point);
        put(backlog, &sender, &draw,
            point->variant == VARIANT_HOT ? (int32_t)(i % BACKLOG_PARTITIONS) : -1);
    }
    sender_flush(&sender, FLUSH_TIMEOUT_MS);
    sender_close(&sender);
}
