/* 100,000 subscribers of one product are allotted when it is finalized: shares are those of the
 * largest remainder, no transaction is large, and the lane goes on with other commands. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/partition.h"
#include "consumer/core/wants.h"
#include "tests/harness/commands.h"
#include "tests/harness/db.h"
#include "tests/harness/sender.h"
#include "tests/harness/stage.h"
#include "tests/harness/topics.h"
#include "tests/harness/wait.h"

/* A sanitiser keeps memory that was freed, to see who still uses it. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KEEPS_FREED_MEMORY true
#else
#define KEEPS_FREED_MEMORY false
#endif

#define SUBSCRIBERS 100000
#define CHUNKS (SUBSCRIBERS / WANTS_CHUNK_MAX + 1) /* the last one finds nobody and ends it */
#define STOCK 123457
#define ROWS_MOST 6000       /* of the journal in one transaction: 5,000 records, and a chunk */
#define CHUNK_ROWS_MOST 1001 /* of the journal by one chunk, if all subscribers were in its lane */
#define BYTES_MOST INT64_C(128) /* of memory for each subscriber, while they are read */
#define PRODUCT "concert"
#define QUEUED 200 /* commands that come while the worker stands still */
#define FILL_TIMEOUT_MS 180000

struct hall {
    struct stage stage;
    struct sender sender;
    struct prng prng;
    uint16_t lane;                /* of the product */
    char guest[COMMAND_NAME_MAX]; /* an account of that lane, who subscribes to nothing */
    int64_t written;              /* deposits for him */
};

static void put(struct hall *hall, const char *key, const char *text) {
    sender_put_command(&hall->sender, key, text);
}

static void send_on_product(struct hall *hall, const char *type, const char *fields) {
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    commands_new_id(&hall->prng, id);
    snprintf(text, sizeof text,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"%s\",\"product\":\"" PRODUCT "\"%s}", id, type,
             fields);
    put(hall, PRODUCT, text);
}

static void send_open(struct hall *hall, const char *account) {
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    commands_new_id(&hall->prng, id);
    commands_open_owing(text, id, account);
    put(hall, account, text);
}

/* Many ask for the same number of units, so that ties have to be decided. */
static void send_subscriber(struct hall *hall, int number) {
    char account[32];
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    snprintf(account, sizeof account, "fan-%d", number);
    send_open(hall, account);
    commands_new_id(&hall->prng, id);
    snprintf(text, sizeof text,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"subscribe\",\"account\":\"%s\","
             "\"product\":\"" PRODUCT "\",\"quantity\":%d,\"price\":10}",
             id, account, 1 + (int)prng_below(&hall->prng, 13));
    put(hall, account, text);
}

static void deposit_to_guest(struct hall *hall) {
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    commands_new_id(&hall->prng, id);
    commands_amount(text, id, "deposit", hall->guest, 1);
    put(hall, hall->guest, text);
    hall->written++;
}

static int64_t ask(const struct hall *hall, const char *sql) {
    return db_int(hall->stage.ledger.db, sql, 0);
}

static bool have_all_subscribed(void *context) {
    return ask(context, "SELECT next_subscription - 1 FROM teller.product") == SUBSCRIBERS;
}

/* Chunks that are applied: steps of the finalize, which is the last that changed the product. */
#define CHUNK_ROWS                                                                                 \
    "FROM teller.journal j JOIN teller.product p"                                                  \
    " ON j.command_id = p.last_id AND j.origin = p.last_origin WHERE j.step >= 65536"

static int64_t chunks(const struct hall *hall) {
    return ask(hall, "SELECT count(*) " CHUNK_ROWS);
}

static void open_hall(struct hall *hall) {
    char fields[128];
    *hall = (struct hall){.written = 0};
    prng_seed(&hall->prng, 100);
    stage_open(&hall->stage, "allotment", 1);
    sender_open(&hall->sender, hall->stage.ledger.sandbox.brokers, hall->stage.ledger.commands);
    hall->lane = partition_of(PRODUCT, strlen(PRODUCT), STAGE_PARTITIONS);
    commands_name_in_lane(hall->guest, "guest", hall->lane, STAGE_PARTITIONS);
    send_open(hall, hall->guest);
    snprintf(fields, sizeof fields,
             ",\"currency\":\"KRW\",\"price\":10,\"stock\":%d,\"mode\":\"subscription\"", STOCK);
    send_on_product(hall, "product.create", fields);
    sender_flush(&hall->sender, STAGE_TIMEOUT_MS);
    worker_wait_drained(&hall->stage.ledger, STAGE_TIMEOUT_MS);
    for (int i = 0; i < SUBSCRIBERS; i++) {
        send_subscriber(hall, i);
    }
    sender_flush(&hall->sender, FILL_TIMEOUT_MS);
    wait_for("all subscriptions", have_all_subscribed, hall, FILL_TIMEOUT_MS);
}

static bool has_guest_all(void *context) {
    const struct hall *hall = context;
    return stage_account(&hall->stage.ledger, hall->guest, "balance") == hall->written;
}

/* One command after the other, each when the last one is applied, until that many chunks are. */
static void deposit_during(struct hall *hall, int64_t until) {
    while (chunks(hall) < until) {
        deposit_to_guest(hall);
        sender_flush(&hall->sender, STAGE_TIMEOUT_MS);
        wait_for("a deposit among chunks", has_guest_all, hall, STAGE_TIMEOUT_MS);
    }
}

/* How many chunks those wait for who come now: counted in the log, which stands still with its only
 * worker. The next chunk is asked for when one is committed, so there is at most one. */
static void queue_behind_chunks(struct hall *hall) {
    struct ledger *ledger = &hall->stage.ledger;
    struct process *worker = &hall->stage.workers[0].process;
    char sql[256];
    process_signal(worker, SIGSTOP);
    cr_assert(process_wait_stopped(worker, STAGE_TIMEOUT_MS));
    snprintf(sql, sizeof sql, "SELECT next_offset FROM teller.lane WHERE lane = %d", hall->lane);
    int64_t from = ask(hall, sql);
    for (int i = 0; i < QUEUED; i++) {
        deposit_to_guest(hall);
    }
    sender_flush(&hall->sender, STAGE_TIMEOUT_MS);
    int64_t to = topic_end(ledger->sandbox.brokers, ledger->commands, hall->lane);
    cr_assert_lt(chunks(hall), CHUNKS - 1, "the allotment was over before anybody could wait");
    process_signal(worker, SIGCONT);
    wait_for("deposits behind a chunk", has_guest_all, hall, STAGE_TIMEOUT_MS);
    snprintf(sql, sizeof sql,
             "SELECT count(*) " CHUNK_ROWS " AND j.log_offset >= %" PRId64
             " AND j.log_offset < %" PRId64,
             from, to);
    cr_expect_leq(ask(hall, sql), 1, "somebody waits for more than one chunk");
}

static bool is_settled(void *context) {
    const struct hall *hall = context;
    return ask(hall, "SELECT count(*) FROM teller.hold WHERE state = 1") == 0;
}

/* Who subscribed when: by the journal of the product's lane, not by what numbers it gave. */
static void expect_largest_remainder(const struct hall *hall) {
    static const char sql[] =
        "WITH claim AS (SELECT s.allotted, s.quantity * p.units / p.total AS whole,"
        "        s.quantity * p.units %% p.total AS remainder, j.log_offset, p.units"
        "   FROM teller.subscription s JOIN teller.journal j"
        "     ON j.command_id = s.id AND j.origin = s.origin AND j.lane = s.lane AND j.step = 3,"
        "        (SELECT %d::bigint AS units, sum(quantity)::bigint AS total"
        "           FROM teller.subscription) p),"
        " ranked AS (SELECT *, row_number() OVER (ORDER BY remainder DESC, log_offset) AS place,"
        "        units - sum(whole) OVER () AS rest FROM claim)"
        " SELECT count(*) FILTER (WHERE allotted = whole + (place <= rest)::int) FROM ranked";
    char text[sizeof sql + 16];
    snprintf(text, sizeof text, sql, STOCK);
    cr_expect_eq(ask(hall, text), SUBSCRIBERS, "shares that are those of the largest remainder");
    cr_expect_eq(ask(hall, "SELECT sum(allotted) FROM teller.subscription"), STOCK);
    cr_expect_eq(
        ask(hall, "SELECT sum(-balance) FROM teller.v1_account WHERE account LIKE 'fan-%'"),
        10 * STOCK, "what the subscribers have paid");
    cr_expect_eq(ask(hall, "SELECT sum(balance) FROM teller.v1_system WHERE role = '@sales'"),
                 10 * STOCK, "what was sold");
}

/* Rows are told apart by the transaction that wrote them: what a writer commits at once. A chunk
 * is of one lane; its settlements come to the others as records, as many as are read. */
static void expect_small_transactions(const struct hall *hall) {
    int64_t most = ask(hall, "SELECT max(written) FROM (SELECT count(*) AS written"
                             "  FROM teller.journal GROUP BY xmin::text"
                             " HAVING bool_or(step = 4 OR step >= 65536)) AS t");
    cr_expect_leq(most, ROWS_MOST, "a transaction of %" PRId64 " journal rows", most);
    most = ask(hall, "SELECT max(written) FROM (SELECT count(*) AS written FROM"
                     " (SELECT xmin FROM teller.subscription WHERE state = 3) AS s"
                     " GROUP BY xmin::text) AS t");
    cr_expect_leq(most, 500, "a transaction settles %" PRId64 " subscribers", most);
    most = ask(hall, "SELECT max(written) FROM (SELECT count(*) AS written FROM teller.seal s"
                     "  JOIN teller.journal j ON j.lane = s.lane"
                     "   AND j.log_offset BETWEEN s.first_offset AND s.last_offset"
                     " GROUP BY s.lane, s.number HAVING bool_or(j.step >= 65536)) AS t");
    cr_expect_leq(most, CHUNK_ROWS_MOST, "a chunk of %" PRId64 " journal rows", most);
}

/* Of the chunks, how many were followed by somebody else's command before the next one came. */
static void expect_commands_between_chunks(const struct hall *hall) {
    int64_t followed =
        ask(hall, "SELECT count(*) FROM (SELECT step >= 65536 AS is_chunk,"
                  "  lead(step >= 65536) OVER (ORDER BY log_offset) AS before_chunk"
                  "  FROM teller.journal j WHERE step >= 65536 OR (step = 0 AND type = 5)) AS one"
                  " WHERE is_chunk AND NOT before_chunk");
    cr_expect_geq(followed, CHUNKS / 10, "%" PRId64 " of %d chunks", followed, CHUNKS);
}

static void expect_verified(const struct hall *hall) {
    struct captured captured;
    ledger_tellerd(&hall->stage.ledger, &captured, (const char *const[]){"verify", NULL});
    cr_expect_eq(captured.status, 0, "verify: %s%s", captured.out, captured.err);
    captured_close(&captured);
}

/* Most that the worker ever had in memory, in bytes. */
static int64_t peak_memory(const struct hall *hall) {
    char path[64];
    char line[256];
    long long kib = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)hall->stage.workers[0].process.pid);
    FILE *status = fopen(path, "r");
    cr_assert_not_null(status);
    while (fgets(line, sizeof line, status) != NULL && sscanf(line, "VmHWM: %lld", &kib) != 1) {
    }
    fclose(status);
    return kib * 1024;
}

Test(scenario_allotment, test_d7_a_hundred_thousand_subscribers_are_allotted_in_chunks,
     .timeout = 600) {
    struct hall hall;
    open_hall(&hall);
    int64_t peak = peak_memory(&hall);
    send_on_product(&hall, "product.finalize", "");
    deposit_during(&hall, CHUNKS / 4);
    queue_behind_chunks(&hall);
    deposit_during(&hall, CHUNKS);
    wait_for("all settlements", is_settled, &hall, FILL_TIMEOUT_MS);
    cr_expect(KEEPS_FREED_MEMORY || peak_memory(&hall) - peak < SUBSCRIBERS * BYTES_MOST,
              "whole rows in memory");
    expect_largest_remainder(&hall);
    expect_small_transactions(&hall);
    expect_commands_between_chunks(&hall);
    expect_verified(&hall);
    sender_close(&hall.sender);
    stage_stop_workers(&hall.stage);
    ledger_close(&hall.stage.ledger);
}
