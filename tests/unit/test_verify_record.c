/* The checks on the rows of one record, row by row: what each refuses, and what it lets pass. */
#include <criterion/criterion.h>
#include <string.h>

#include "consumer/verbs/verify_record.h"

struct world {
    struct verify_totals totals;
    struct verify_accounts accounts;
    struct verify_products products;
    struct finding finding;
};

static bool check_rows(struct world *world, const struct journal_row **rows, size_t count) {
    const struct verify_books books = {.accounts = &world->accounts, .products = &world->products};
    return verify_record(&books, rows, count, &world->finding);
}

static struct journal_key key_of(uint8_t byte, int32_t step) {
    struct journal_key key = {.step = step};
    memset(key.id.bytes, byte, sizeof key.id.bytes);
    return key;
}

static struct journal_row row_of(uint8_t id, int64_t amount, int64_t balance, int64_t version) {
    struct journal_row row = {
        .entry = {.key = key_of(id, STEP_CLIENT),
                  .type = COMMAND_DEPOSIT,
                  .outcome = OUTCOME_APPLIED,
                  .account_number = 1,
                  .amount = amount,
                  .balance = balance,
                  .version = version},
        .counter_role = SYSTEM_WORLD,
        .has_previous = version > 1,
        .previous = key_of((uint8_t)(id - 1), STEP_CLIENT),
    };
    return row;
}

static bool check(struct world *world, const struct journal_row *row) {
    const struct journal_row *rows[1] = {row};
    return check_rows(world, rows, 1);
}

/* Account 1, opened by id 1 and with 100 from id 2. */
static void world_open(struct world *world) {
    memset(world, 0, sizeof *world);
    const struct account row = {.number = 1, .currency = {.len = 3, .text = "KRW"}};
    verify_accounts_init(&world->accounts, &world->totals);
    cr_assert(verify_accounts_announce(&world->accounts, &row, &world->finding));
    struct journal_row open = row_of(1, 0, 0, 1);
    open.entry.type = COMMAND_ACCOUNT_OPEN;
    open.counter_role = SYSTEM_NONE;
    cr_assert(check(world, &open), "%s", world->finding.text);
    const struct journal_row deposit = row_of(2, 100, 100, 2);
    cr_assert(check(world, &deposit), "%s", world->finding.text);
}

static void world_close(struct world *world) {
    verify_accounts_close(&world->accounts);
    verify_products_close(&world->products);
    verify_totals_close(&world->totals);
}

static void expect_finding(struct journal_row row, const char *words) {
    struct world world;
    world_open(&world);
    cr_expect_not(check(&world, &row), "accepted, wanted: %s", words);
    cr_expect_not_null(strstr(world.finding.text, words), "wanted \"%s\" in: %s", words,
                       world.finding.text);
    world_close(&world);
}

Test(verify_record, test_next_row_moves_the_account_and_the_other_side) {
    struct world world;
    world_open(&world);
    const struct journal_row row = row_of(3, -30, 70, 3);
    cr_assert(check(&world, &row), "%s", world.finding.text);
    cr_expect_eq(verify_accounts_find(&world.accounts, 1)->balance, 70);
    cr_expect(world.totals.items[0].posted[SYSTEM_WORLD] == -70);
    world_close(&world);
}

Test(verify_record, test_version_gap_is_found) {
    expect_finding(row_of(3, 1, 101, 4), "version 4 follows version 2: rows are missing");
}

Test(verify_record, test_version_that_repeats_is_found) {
    expect_finding(row_of(3, 1, 101, 2), "where nothing may move");
}

Test(verify_record, test_balance_that_is_not_the_sum_is_found) {
    expect_finding(row_of(3, 1, 102, 3), "balance 102, but 100 before and amount 1");
}

Test(verify_record, test_previous_row_of_another_key_is_found) {
    struct journal_row row = row_of(3, 1, 101, 3);
    row.previous.step = 9;
    expect_finding(row, "does not point to the account's previous row");
}

Test(verify_record, test_held_that_is_not_the_sum_is_found) {
    struct journal_row row = row_of(3, 0, 100, 3);
    row.held_delta = 10;
    row.entry.held = 11;
    expect_finding(row, "held 11, but 0 before and 10 more");
}

Test(verify_record, test_balance_below_the_floor_is_found) {
    expect_finding(row_of(3, -101, -1, 3), "less than nothing is available");
}

Test(verify_record, test_money_against_nobody_is_found) {
    struct journal_row row = row_of(3, 1, 101, 3);
    row.counter_role = SYSTEM_NONE;
    expect_finding(row, "moves money against nobody");
}

Test(verify_record, test_rejected_row_that_moves_is_found) {
    struct journal_row row = row_of(3, 1, 101, 3);
    row.entry.outcome = OUTCOME_INSUFFICIENT_FUNDS;
    expect_finding(row, "insufficient_funds at version 3: amount 1");
}

Test(verify_record, test_rejected_row_with_another_state_is_found) {
    struct journal_row row = row_of(3, 0, 99, 2);
    row.entry.outcome = OUTCOME_INSUFFICIENT_FUNDS;
    row.has_previous = false;
    expect_finding(row, "balance 99, held 0, but its account stood at 2, 100, 0");
}

Test(verify_record, test_account_that_does_not_exist_is_found) {
    struct journal_row row = row_of(3, 1, 1, 1);
    row.entry.account_number = 7;
    expect_finding(row, "account number 7 does not exist");
}

/* Ids are the client's: the rows of a record may come in any order. */
Test(verify_record, test_rows_of_one_record_may_come_in_any_order) {
    struct world world;
    world_open(&world);
    struct journal_row head = row_of(3, 0, 120, 4);
    struct journal_row first = row_of(3, 10, 110, 3);
    struct journal_row second = row_of(3, 10, 120, 4);
    head.entry.type = COMMAND_GROUP;
    head.has_previous = false;
    first.entry.key.step = STEP_MEMBER;
    second.entry.key.step = STEP_MEMBER + 1;
    second.previous = first.entry.key;
    const struct journal_row *rows[3] = {&head, &second, &first};
    cr_expect(check_rows(&world, rows, 3), "%s", world.finding.text);
    cr_expect_eq(verify_accounts_find(&world.accounts, 1)->version, 4);
    world_close(&world);
}

Test(verify_record, test_claim_of_a_reversal_moves_nothing) {
    struct world world;
    world_open(&world);
    const struct journal_row reversal = row_of(3, -100, 0, 3);
    struct journal_row claim = row_of(2, 0, 0, 3);
    claim.entry.key.step = STEP_REVERSAL;
    claim.has_previous = false;
    const struct journal_row *rows[2] = {&claim, &reversal};
    cr_expect(check_rows(&world, rows, 2), "%s", world.finding.text);
    world_close(&world);
}

Test(verify_record, test_first_finding_stays) {
    struct world world;
    world_open(&world);
    const struct journal_row gap = row_of(3, 1, 101, 9);
    const struct journal_row other = row_of(4, 1, 5, 3);
    (void)check(&world, &gap);
    (void)check(&world, &other);
    cr_expect_not_null(strstr(world.finding.text, "version 9"), "%s", world.finding.text);
    world_close(&world);
}

Test(verify_record, test_row_that_repeats_a_state_may_be_overtaken_in_its_record) {
    struct world world;
    world_open(&world);
    struct journal_row unsubscribe = row_of(3, 0, 100, 2);
    unsubscribe.entry.outcome = OUTCOME_PENDING;
    unsubscribe.has_previous = false;
    struct journal_row settlement = row_of(3, -10, 90, 3);
    settlement.entry.key.step = STEP_SETTLE;
    const struct journal_row *rows[2] = {&settlement, &unsubscribe};
    cr_expect(check_rows(&world, rows, 2), "%s", world.finding.text);
    world_close(&world);
}

Test(verify_record, test_money_for_nobody_goes_to_suspense) {
    struct world world;
    const struct asset krw = {.len = 3, .text = "KRW"};
    world_open(&world);
    struct journal_row row = row_of(3, 40, 0, 0);
    row.entry.account_number = 0;
    row.counter_role = SYSTEM_TRANSIT;
    row.asset = &krw;
    cr_expect(check(&world, &row), "%s", world.finding.text);
    const struct asset_total *total = &world.totals.items[0];
    cr_expect(total->posted[SYSTEM_SUSPENSE] == 40 && total->posted[SYSTEM_TRANSIT] == -40);
    world_close(&world);
}
