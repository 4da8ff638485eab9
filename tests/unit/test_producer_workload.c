#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/command_json.h"
#include "common/partition.h"
#include "producer/workload.h"

#define ACCOUNTS 50
#define COMMANDS 20000
#define PARTITIONS 8
#define OLD 1000
#define BASE_MS INT64_C(1700000000000)

static void init(struct workload *workload, enum workload_shape shape, uint64_t seed) {
    workload_init(workload, &(struct workload_plan){.shape = shape,
                                                    .accounts = ACCOUNTS,
                                                    .seed = seed,
                                                    .base_ms = BASE_MS,
                                                    .partitions = PARTITIONS,
                                                    .stock = 9,
                                                    .old = OLD});
}

static struct command decode(struct slice json, struct arena *arena) {
    struct command command;
    struct refusal why;
    arena_reset(arena);
    cr_assert(command_decode(json, COMMAND_JSON_RULES, arena, &command, &why), "%.*s: %s",
              (int)json.len, (const char *)json.at, why.detail);
    return command;
}

/* Makes COMMANDS commands, each of which the codec must take as what the workload says it is, and
 * counts accounts and types. */
static void count(enum workload_shape shape, int accounts[ACCOUNTS], int types[64]) {
    static struct workload workload;
    struct arena arena;
    cr_assert(arena_init(&arena, COMMAND_JSON_ARENA));
    init(&workload, shape, 7);
    for (int i = 0; i < COMMANDS; i++) {
        struct command command = decode(workload_next(&workload), &arena);
        cr_assert(uuid_equal(&command.id, &workload.command.id));
        cr_assert(ident_equal(&command.entity, &workload.command.entity));
        cr_assert_eq(command.type, workload.command.type);
        types[command.type]++;
        if (!command_type_is_on_product(command.type)) {
            accounts[strtol(command.entity.text + 4, NULL, 10)]++;
        }
    }
    arena_close(&arena);
}

Test(producer_workload, test_every_account_is_opened_first) {
    static struct workload workload;
    init(&workload, WORKLOAD_UNIFORM, 7);
    for (int i = 0; i < ACCOUNTS; i++) {
        workload_next(&workload);
        cr_assert_eq(workload.command.type, COMMAND_ACCOUNT_OPEN);
    }
    workload_next(&workload);
    cr_assert_neq(workload.command.type, COMMAND_ACCOUNT_OPEN);
}

Test(producer_workload, test_uniform_treats_accounts_alike) {
    int accounts[ACCOUNTS] = {0};
    int types[64] = {0};
    count(WORKLOAD_UNIFORM, accounts, types);
    for (int i = 0; i < ACCOUNTS; i++) {
        cr_assert(accounts[i] > 300 && accounts[i] < 500, "%d: %d", i, accounts[i]);
    }
}

Test(producer_workload, test_zipf_prefers_the_first_accounts) {
    int accounts[ACCOUNTS] = {0};
    int types[64] = {0};
    count(WORKLOAD_ZIPF, accounts, types);
    cr_assert_gt(accounts[0], 17 * accounts[1] / 10);
    cr_assert_gt(accounts[1], 4 * accounts[9]);
}

/* By Zipf's law the first of 50 has 1 / (1 + 2^-1.2 + ... + 50^-1.2) of all: 0.302. */
Test(producer_workload, test_steeper_zipf_has_the_share_of_its_exponent) {
    int accounts[ACCOUNTS] = {0};
    int types[64] = {0};
    count(WORKLOAD_STEEP, accounts, types);
    cr_assert(accounts[0] > 29 * COMMANDS / 100 && accounts[0] < 32 * COMMANDS / 100, "%d",
              accounts[0]);
    cr_assert_gt(accounts[0], 21 * accounts[1] / 10);
    cr_assert_gt(accounts[ACCOUNTS - 1], ACCOUNTS);
}

Test(producer_workload, test_hot_has_one_account) {
    int accounts[ACCOUNTS] = {0};
    int types[64] = {0};
    count(WORKLOAD_HOT, accounts, types);
    cr_assert_eq(accounts[0], COMMANDS);
}

struct sent {
    struct uuid id;
    char json[WORKLOAD_JSON_MAX];
};

/* How many commands ago the one was sent that this one repeats; 0: never. */
static int age_of(const struct sent *sent, int number, struct slice json) {
    for (int i = number - 1; i >= 0; i--) {
        if (uuid_equal(&sent[i].id, &sent[number].id)) {
            cr_assert_eq(memcmp(sent[i].json, json.at, json.len), 0, "another payload");
            return number - i;
        }
    }
    return 0;
}

Test(producer_workload, test_every_tenth_is_repeated_and_half_of_those_are_old) {
    static struct workload workload;
    static struct sent sent[6 * OLD];
    int repeated = 0;
    int old = 0;
    init(&workload, WORKLOAD_REPEAT, 7);
    for (int i = 0; i < 6 * OLD; i++) {
        struct slice json = workload_next(&workload);
        sent[i].id = workload.command.id;
        memcpy(sent[i].json, json.at, json.len);
        int age = age_of(sent, i, json);
        cr_assert_eq(age > 0, workload.is_repeated, "%d", i);
        repeated += age > 0;
        old += age > OLD;
    }
    cr_assert_eq(repeated, (6 * OLD - ACCOUNTS) / 10);
    cr_assert(old > 240 && old < 260, "%d", old);
}

Test(producer_workload, test_one_of_a_hundred_is_malformed_and_is_told) {
    static struct workload workload;
    struct arena arena;
    int malformed = 0;
    cr_assert(arena_init(&arena, COMMAND_JSON_ARENA));
    init(&workload, WORKLOAD_MALFORMED, 7);
    for (int i = 0; i < COMMANDS; i++) {
        struct command command;
        struct refusal why = {.reason = OUTCOME_APPLIED};
        arena_reset(&arena);
        bool good =
            command_decode(workload_next(&workload), COMMAND_JSON_RULES, &arena, &command, &why);
        cr_assert_eq(good, !workload.is_malformed);
        cr_assert(good || why.reason == OUTCOME_MALFORMED);
        malformed += !good;
    }
    arena_close(&arena);
    cr_assert(malformed > COMMANDS / 125 && malformed < COMMANDS / 83, "%d", malformed);
}

Test(producer_workload, test_mix_has_every_type_but_close) {
    static const enum command_type wanted[] = {
        COMMAND_ACCOUNT_OPEN, COMMAND_ACCOUNT_FREEZE, COMMAND_ACCOUNT_UNFREEZE, COMMAND_DEPOSIT,
        COMMAND_WITHDRAW,     COMMAND_HOLD,           COMMAND_CAPTURE,          COMMAND_RELEASE,
        COMMAND_REVERSE,      COMMAND_GROUP};
    int accounts[ACCOUNTS] = {0};
    int types[64] = {0};
    count(WORKLOAD_MIX, accounts, types);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        cr_assert_gt(types[wanted[i]], 0, "%s", command_type_word(wanted[i]));
    }
    cr_assert_eq(types[COMMAND_ACCOUNT_CLOSE], 0);
}

Test(producer_workload, test_same_seed_makes_the_same_commands) {
    static struct workload one, other;
    init(&one, WORKLOAD_MIX, 9);
    init(&other, WORKLOAD_MIX, 9);
    for (int i = 0; i < 1000; i++) {
        struct slice a = workload_next(&one);
        struct slice b = workload_next(&other);
        cr_assert_eq(a.len, b.len);
        cr_assert_eq(memcmp(a.at, b.at, a.len), 0);
    }
}

Test(producer_workload, test_every_transfer_goes_to_another_lane) {
    static struct workload workload;
    init(&workload, WORKLOAD_TRANSFER, 7);
    for (int i = 0; i < COMMANDS; i++) {
        workload_next(&workload);
        const struct command *command = &workload.command;
        if (i >= ACCOUNTS) {
            cr_assert_eq(command->type, COMMAND_TRANSFER);
            cr_assert_neq(partition_of(command->entity.text, command->entity.len, PARTITIONS),
                          partition_of(command->to.text, command->to.len, PARTITIONS));
        }
    }
}

Test(producer_workload, test_transfer_decodes_with_its_receiver) {
    int accounts[ACCOUNTS] = {0};
    int types[64] = {0};
    count(WORKLOAD_TRANSFER, accounts, types);
    cr_assert_eq(types[COMMAND_TRANSFER], COMMANDS - ACCOUNTS);
}

Test(producer_workload, test_product_is_made_before_it_is_sold) {
    static struct workload workload;
    init(&workload, WORKLOAD_PURCHASE, 7);
    workload_next(&workload);
    cr_assert_eq(workload.command.type, COMMAND_PRODUCT_CREATE);
    cr_assert_eq(workload.command.stock, 9);
    cr_assert_eq(workload_opening(&workload), ACCOUNTS + 1);
}

Test(producer_workload, test_purchases_are_all_of_one_product) {
    int accounts[ACCOUNTS] = {0};
    int types[64] = {0};
    count(WORKLOAD_PURCHASE, accounts, types);
    cr_assert_eq(types[COMMAND_PRODUCT_CREATE], 1);
    cr_assert_eq(types[COMMAND_ACCOUNT_OPEN], ACCOUNTS);
    cr_assert_eq(types[COMMAND_PURCHASE], COMMANDS - ACCOUNTS - 1);
}

Test(producer_workload, test_subscriptions_are_of_a_product_that_is_allotted) {
    int accounts[ACCOUNTS] = {0};
    int types[64] = {0};
    static struct workload workload;
    init(&workload, WORKLOAD_SUBSCRIBE, 7);
    workload_next(&workload);
    cr_assert_eq(workload.command.mode, PRODUCT_SUBSCRIPTION);
    count(WORKLOAD_SUBSCRIBE, accounts, types);
    cr_assert_eq(types[COMMAND_SUBSCRIBE], COMMANDS - ACCOUNTS - 1);
}
