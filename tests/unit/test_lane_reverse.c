/* What a reverse finds under an id that many have used: never more than it needs, and the same
 * whatever shares its batch. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/fakes/solo.h"

#define LANES 64
#define FOREIGN 40
#define ID "00000000-0001-7000-8000-0000000000aa"

static void command(struct solo *solo, const char *account, int id, const char *fields) {
    solo_command(solo, account, "{'v':1,'id':'00000000-0001-7000-8000-%012d','account':'%s',%s}",
                 id, account, fields);
}

/* Names in lane 0. */
static const char *const alice = "alice-46";
static const char *const bob = "bob-32";

static void fill_body(struct leg_body *body, const char *target) {
    cr_assert(uuid_parse(ID, strlen(ID), &body->id));
    cr_assert(ident_parse(target, strlen(target), &body->target));
    cr_assert(ident_parse("payer", 5, &body->client));
    cr_assert(asset_parse("EUR", 3, &body->currency));
}

static void credit(struct solo *solo, uint16_t origin, const char *to) {
    struct leg_body body = {.type = COMMAND_TRANSFER, .amount = 7};
    const struct leg leg = {.kind = LEG_CREDIT, .origin = origin, .step = STEP_CREDIT};
    fill_body(&body, to);
    solo_leg(solo, &leg, &body);
}

static void open_accounts(struct solo *solo) {
    static const char fields[] = "'type':'account.open','currency':'EUR'";
    struct lane_limits limits = solo_least(100);
    solo_open(solo, &limits, 0, LANES);
    command(solo, alice, 1, fields);
    command(solo, bob, 2, fields);
    solo_run(solo);
}

static enum outcome reverse(struct solo *solo, const char *account, int id) {
    command(solo, account, id, "'type':'reverse','of':'" ID "'");
    solo_run(solo);
    return solo->store.journal[solo->store.journal_count - 1].entry.outcome;
}

static enum outcome first_outcome(const struct solo *solo, uint8_t last_of_id) {
    for (size_t i = 0; i < solo->store.journal_count; i++) {
        const struct entry *entry = &solo->store.journal[i].entry;
        if (entry->key.id.bytes[15] == last_of_id && entry->key.step == STEP_CLIENT) {
            return entry->outcome;
        }
    }
    return OUTCOME_ID_EXPIRED;
}

Test(lane_reverse, test_a_transfer_is_found_behind_any_number_of_others) {
    struct solo solo;
    open_accounts(&solo);
    for (uint16_t origin = 1; origin <= FOREIGN; origin++) {
        credit(&solo, origin, bob);
    }
    credit(&solo, FOREIGN + 1, alice);
    solo_run(&solo);
    reverse(&solo, alice, 3);
    cr_expect_eq(first_outcome(&solo, 3), OUTCOME_PENDING, "her transfer is not found");
    cr_expect_eq(reverse(&solo, alice, 4), OUTCOME_ALREADY_REVERSED);
    cr_expect_eq(reverse(&solo, bob, 5), OUTCOME_NOT_REVERSIBLE);
    solo_close(&solo);
}

Test(lane_reverse, test_two_accounts_reverse_one_id_in_one_batch) {
    struct solo solo;
    open_accounts(&solo);
    credit(&solo, 1, bob);
    credit(&solo, 2, alice);
    solo_run(&solo);
    command(&solo, alice, 3, "'type':'reverse','of':'" ID "'");
    command(&solo, bob, 4, "'type':'reverse','of':'" ID "'");
    cr_expect_eq(solo_run(&solo), 1, "not in one batch");
    cr_expect_eq(first_outcome(&solo, 3), OUTCOME_PENDING);
    cr_expect_eq(first_outcome(&solo, 4), OUTCOME_PENDING);
    solo_close(&solo);
}

/* Rows of the open batch are all in memory, those of the database are not. */
Test(lane_reverse, test_the_answer_does_not_depend_on_where_batches_end) {
    for (int batches = 1; batches <= 2; batches++) {
        struct solo solo;
        open_accounts(&solo);
        for (uint16_t origin = 1; origin <= FOREIGN; origin++) {
            credit(&solo, origin, origin == 1 || origin == FOREIGN ? alice : bob);
        }
        if (batches == 2) {
            solo_run(&solo);
        }
        cr_expect_eq(reverse(&solo, alice, 3), OUTCOME_NOT_REVERSIBLE, "%d batches", batches);
        solo_close(&solo);
    }
}

/* Asked again, the lane of who sent it still finds that the money came back. */
Test(lane_reverse, test_a_command_asked_again_finds_its_end_behind_any_number_of_others) {
    static const char transfer[] = "{'v':1,'id':'" ID "','account':'alice-46','type':'transfer',"
                                   "'to':'far','amount':7}";
    const struct leg leg = {.kind = LEG_RETURN, .origin = 0, .step = STEP_RETURN};
    struct leg_body body = {.type = COMMAND_TRANSFER, .amount = 7};
    struct solo solo;
    open_accounts(&solo);
    command(&solo, alice, 3, "'type':'deposit','amount':10");
    solo_command(&solo, alice, "%s", transfer);
    fill_body(&body, alice);
    body.reason = OUTCOME_ACCOUNT_FROZEN;
    solo_leg(&solo, &leg, &body);
    for (uint16_t origin = 1; origin <= FOREIGN; origin++) {
        credit(&solo, origin, bob);
    }
    solo_run(&solo);
    solo_command(&solo, alice, "%s", transfer);
    const struct batch *batch = solo_apply(&solo);
    cr_assert_eq(batch->outputs_count, 1);
    cr_expect_eq(batch->outputs[0].outcome, OUTCOME_ACCOUNT_FROZEN);
    cr_expect(batch->outputs[0].duplicate);
    solo_commit(&solo);
    solo_close(&solo);
}
