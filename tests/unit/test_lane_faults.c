/* One lane under seeded faults: batches that fail, owners that come and go, memory so small that
 * everything is evicted. Whatever happens, the store must look as a plain run over the log says. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/prng.h"
#include "common/utf8.h"
#include "tests/fakes/memory_store.h"

#define RECORDS 600
#define ACCOUNTS 300
#define IDS 500 /* fewer than records: repeats and conflicts are common */

struct logged {
    struct record record;
    char key[16];
    char value[256];
};

struct expected {
    bool open[ACCOUNTS];
    int64_t balance[ACCOUNTS];
    char first[IDS][256]; /* payload that claimed the id; "" for none */
    size_t journal;
};

struct trial {
    struct prng prng;
    struct logged log[RECORDS];
    struct expected expected;
    struct memory_store store;
    struct lane *lane;
    int64_t next; /* offset to offer */
};

static const struct leg_secrets secrets = {.items = {{.key_id = 1}}, .count = 1};

static void write_record(struct trial *trial, int64_t offset) {
    static const char *const types[] = {"deposit", "withdraw", "account.open"};
    struct logged *logged = &trial->log[offset];
    uint64_t id = prng_below(&trial->prng, IDS);
    uint64_t account = prng_below(&trial->prng, ACCOUNTS);
    uint64_t type = prng_below(&trial->prng, 3);
    /* One id in four is far above the fence: version 4 ids are for the database to know. */
    char name[16];
    snprintf(name, sizeof name, "a%d", (int)account);
    memcpy(logged->key, name, sizeof logged->key);
    int len =
        snprintf(logged->value, sizeof logged->value,
                 "{\"v\":1,\"id\":\"%s-0000-7000-8000-%012d\",\"type\":\"%s\",\"account\":\"%s\"",
                 id % 4 == 0 ? "f0000000" : "00000000", (int)id, types[type], name);
    snprintf(logged->value + len, sizeof logged->value - (size_t)len,
             type == 2 ? ",\"currency\":\"EUR\"}" : ",\"amount\":%d}",
             1 + (int)prng_below(&trial->prng, 3));
    logged->record = (struct record){
        .offset = offset,
        .timestamp_ms = 1000 + offset,
        .log_append_time = true,
        .key = {(const uint8_t *)logged->key, strlen(logged->key)},
        .value = {(const uint8_t *)logged->value, strlen(logged->value)},
    };
}

static int number_at(const char *digits) {
    return (int)strtol(digits, NULL, 10);
}

/* The plain run: one record after another, no batches, no faults. */
static void expect_record(struct expected *expected, const struct logged *logged) {
    int id = number_at(strstr(logged->value, "8000-") + 5);
    int account = number_at(logged->key + 1);
    if (expected->first[id][0] != '\0') {
        return;
    }
    memcpy(expected->first[id], logged->value, sizeof logged->value);
    expected->journal++;
    if (strstr(logged->value, "account.open") != NULL) {
        expected->open[account] = true;
        return;
    }
    int64_t amount = number_at(strstr(logged->value, "amount\":") + 8);
    if (strstr(logged->value, "withdraw") != NULL) {
        amount = -amount;
    }
    if (expected->open[account] && expected->balance[account] + amount >= 0) {
        expected->balance[account] += amount;
    }
}

static void begin(struct trial *trial) {
    struct uuid owner = {.bytes = {(uint8_t)prng_next(&trial->prng)}};
    const struct lane_row *row = memory_store_take(&trial->store, &owner);
    cr_assert(lane_begin(trial->lane, row, 0, RECORDS));
    memory_store_start(&trial->store, trial->lane);
    trial->next = lane_read_from(trial->lane);
}

static void load(struct trial *trial) {
    memory_store_load(&trial->store, trial->lane);
}

static void fill(struct trial *trial) {
    uint64_t most = 1 + prng_below(&trial->prng, 40);
    for (uint64_t i = 0; i < most && trial->next < RECORDS; i++) {
        enum lane_offer offer = lane_offer(trial->lane, &trial->log[trial->next].record);
        if (offer == LANE_FULL) {
            break;
        }
        cr_assert_neq(offer, LANE_STOPPED, "%s", lane_stop_detail(trial->lane));
        trial->next++;
    }
    while (lane_apply(trial->lane) == LANE_MISSING) {
        load(trial);
    }
}

/* A batch is committed, or committed and its answer lost, or lost itself. */
static void finish(struct trial *trial) {
    uint64_t fate = prng_below(&trial->prng, 10);
    if (fate == 0) {
        begin(trial);
        return;
    }
    cr_assert(memory_store_commit(&trial->store, lane_batch(trial->lane)));
    if (fate == 1) {
        trial->store.row.published_offset =
            (int64_t)prng_below(&trial->prng, (uint64_t)trial->store.row.next_offset + 1);
        begin(trial);
        return;
    }
    lane_committed(trial->lane);
    if (lane_fence_old(trial->lane)) {
        lane_fence_reload(trial->lane);
        memory_store_start(&trial->store, trial->lane);
    }
}

static void compare(const struct trial *trial, uint64_t seed) {
    const struct expected *expected = &trial->expected;
    cr_assert_eq(trial->store.journal_count, expected->journal, "seed %lu", seed);
    for (size_t i = 0; i < trial->store.accounts_count; i++) {
        const struct account *account = &trial->store.accounts[i];
        int number = number_at(account->id.text + 1);
        cr_assert(expected->open[number]);
        cr_assert_eq(account->balance, expected->balance[number], "seed %lu, %s", seed,
                     account->id.text);
    }
}

static const struct lane_limits limits = {24, 24 * 3 + 64, 2200, 600, 64, 0};

static void try_seed(uint64_t seed) {
    struct trial *trial = calloc(1, sizeof *trial);
    cr_assert_not_null(trial);
    prng_seed(&trial->prng, seed);
    for (int64_t offset = 0; offset < RECORDS; offset++) {
        write_record(trial, offset);
        expect_record(&trial->expected, &trial->log[offset]);
    }
    memory_store_init(&trial->store, 0);
    trial->lane = lane_new(&limits, 0, 1, &secrets);
    begin(trial);
    while (trial->store.row.next_offset < RECORDS) {
        fill(trial);
        finish(trial);
    }
    compare(trial, seed);
    lane_free(trial->lane);
    memory_store_close(&trial->store);
    free(trial);
}

Test(lane_faults, test_every_command_takes_effect_once_whatever_fails) {
    for (uint64_t seed = 1; seed <= 60; seed++) {
        try_seed(seed);
    }
}

/* Why a lane stopped is written to the database, which takes only valid UTF-8: a long message of a
 * server that speaks Korean must not make the stop unwritable. */
Test(lane_faults, test_a_long_reason_for_a_stop_is_cut_between_characters) {
    char reason[1 + 3 * 160 + 1] = "x";
    struct lane *lane = lane_new(&limits, 0, 1, &secrets);
    for (size_t at = 1; at + 3 < sizeof reason; at += 3) {
        memcpy(reason + at, "\xec\x9b\x90", 4);
    }
    lane_halt(lane, LANE_STOP_DATABASE, reason);
    const char *detail = lane_stop_detail(lane);
    cr_expect(utf8_valid(detail, strlen(detail)));
    cr_expect_gt(strlen(detail), 100);
    cr_expect_eq(strncmp(detail, reason, strlen(detail)), 0);
    lane_free(lane);
}
