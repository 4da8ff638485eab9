/* Clients that repeat, contradict themselves and send rubbish: each record gets its answer, and
 * nobody else notices. */
#include <criterion/criterion.h>

#include "tests/harness/audit.h"
#include "tests/harness/db.h"
#include "tests/harness/load.h"
#include "tests/harness/poison.h"
#include "tests/harness/stage.h"

static void send_records(struct stage *stage, const struct traffic_plan *plan, int records) {
    struct sender sender;
    struct traffic *traffic = traffic_new(plan);
    sender_open(&sender, stage->ledger.sandbox.brokers, stage->ledger.commands);
    traffic_open_accounts(traffic, &sender);
    for (int i = 0; i < records; i++) {
        traffic_send(traffic, &sender);
    }
    sender_flush(&sender, STAGE_TIMEOUT_MS);
    sender_close(&sender);
    traffic_free(traffic);
}

Test(bad_clients, test_repeated_and_conflicting_ids_change_nothing, .timeout = 300) {
    struct stage stage;
    stage_open(&stage, "bad_ids", 2);
    send_records(&stage,
                 &(struct traffic_plan){
                     .seed = 25, .accounts = 50, .repeated = 300, .conflicting = 200},
                 20000);
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    cr_expect_gt(db_int(stage.ledger.db,
                        "SELECT count(*) FROM teller.v1_quarantine WHERE reason = 'id_conflict'",
                        0),
                 1000);
    stage_close(&stage);
}

/* Everything lies in the log before a worker comes: each poison has neighbours in its batch. */
Test(bad_clients, test_poison_of_every_kind_leaves_its_batch_alone, .timeout = 300) {
    struct stage stage;
    struct sender sender;
    struct prng prng;
    prng_seed(&prng, 28);
    stage_open(&stage, "poison", 0);
    sender_open(&sender, stage.ledger.sandbox.brokers, stage.ledger.commands);
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    commands_new_id(&prng, id);
    commands_open(text, id, "bob");
    sender_put_command(&sender, "bob", text);
    for (size_t kind = 0; kind < poison_kinds(); kind++) {
        poison_send(&sender, kind, "bob", &prng);
        commands_new_id(&prng, id);
        commands_amount(text, id, "deposit", "bob", 1);
        sender_put_command(&sender, "bob", text);
    }
    sender_flush(&sender, STAGE_TIMEOUT_MS);
    sender_close(&sender);
    stage_add(&stage, &(struct worker_plan){0});
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    cr_expect_eq(stage_account(&stage.ledger, "bob", "balance"), (int64_t)poison_kinds());
    cr_expect_eq(db_int(stage.ledger.db, "SELECT count(*) FROM teller.v1_quarantine", -1),
                 (int64_t)poison_kinds());
    stage_close(&stage);
}

Test(bad_clients, test_traffic_of_all_kinds_meets_the_model, .timeout = 300) {
    struct stage stage;
    stage_open(&stage, "traffic", 2);
    send_records(&stage,
                 &(struct traffic_plan){.seed = 29,
                                        .accounts = 300,
                                        .repeated = 50,
                                        .conflicting = 20,
                                        .poison = 20},
                 50000);
    stage_close(&stage);
}
