/* Guards that live outside the lane machine, taken away on real processes: what each holds back
 * must then happen, and be seen. A guard whose absence nobody notices guards nothing. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "common/leg_body.h"
#include "common/partition.h"
#include "common/step.h"
#include "consumer/core/leg.h"
#include "tests/harness/db.h"
#include "tests/harness/load.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define STATE_MAX 64
#define FORGED_AMOUNT 1000000

static const char *const arguments[] = {"--session-timeout", "1000", NULL};

/* The same function, which finds out that a lane is lost and says nothing. */
static void remove_fence(const struct ledger *ledger) {
    db_exec(ledger->db,
            "DO $do$ DECLARE text text := pg_get_functiondef('teller.advance'::regproc);"
            " mute text := regexp_replace(text, 'RAISE EXCEPTION.*?;', 'NULL;');"
            " BEGIN IF mute = text THEN RAISE 'no RAISE in teller.advance'; END IF;"
            " EXECUTE mute; END $do$");
}

/* The second line of defence: no step can be journaled twice, and no batch sealed. */
static void remove_unique_keys(const struct ledger *ledger) {
    db_exec(ledger->db,
            "DO $do$ DECLARE one record; BEGIN FOR one IN SELECT conrelid::regclass AS of, conname"
            " FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid IN"
            " ('teller.journal'::regclass, 'teller.seal'::regclass, 'teller.hold'::regclass) LOOP"
            " EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.of, one.conname);"
            " END LOOP; END $do$");
}

static void read_state(const struct ledger *ledger, char state[STATE_MAX]) {
    db_text(ledger->db,
            "SELECT concat_ws(' ', (SELECT sum(balance) FROM teller.v1_account),"
            " (SELECT count(*) FROM teller.journal))",
            state, STATE_MAX);
}

struct zombie {
    struct stage stage;
    struct worker *worker;
    char before[STATE_MAX]; /* when the other worker had applied everything */
};

/* Frozen outside its transaction, with a batch of what comes after the opening of accounts, until
 * another has taken its lanes and applied it all. */
static void raise_zombie(struct zombie *zombie, const char *name) {
    static const struct load_plan plan = {.traffic = {.seed = 42, .accounts = 100}, .rate = 1000};
    struct stage *stage = &zombie->stage;
    struct load load;
    zombie->worker = stage_add(
        stage, &(struct worker_plan){.arguments = arguments, .failpoint = "stop-before_begin:20"});
    worker_wait_owners(&stage->ledger, 0, STAGE_TIMEOUT_MS);
    load_start(&load, &stage->ledger, &plan);
    cr_assert(process_wait_stopped(&zombie->worker->process, STAGE_TIMEOUT_MS), "%s", name);
    int64_t epochs = worker_epochs(&stage->ledger);
    stage_add(stage, &(struct worker_plan){.arguments = arguments});
    worker_wait_owners(&stage->ledger, epochs, STAGE_TIMEOUT_MS);
    load_stop(&load, STAGE_TIMEOUT_MS);
    worker_wait_drained(&stage->ledger, STAGE_TIMEOUT_MS);
    read_state(&stage->ledger, zombie->before);
    process_signal(&zombie->worker->process, SIGCONT);
}

static void bury(struct zombie *zombie) {
    for (int i = 0; i < zombie->stage.workers_count; i++) {
        process_kill(&zombie->stage.workers[i].process);
    }
    ledger_close(&zombie->stage.ledger);
}

static bool is_caught_by_key(void *context) {
    const struct zombie *zombie = context;
    return worker_said(&zombie->stage.ledger, zombie->worker, "23505");
}

Test(guards, test_without_the_fence_a_zombie_gets_as_far_as_the_unique_key, .timeout = 200) {
    struct zombie zombie;
    stage_open(&zombie.stage, "no_fence", 0);
    remove_fence(&zombie.stage.ledger);
    raise_zombie(&zombie, "no_fence");
    cr_expect(wait_until(is_caught_by_key, &zombie, STAGE_TIMEOUT_MS), "the fence holds nothing");
    bury(&zombie);
}

static bool has_changed(void *context) {
    const struct zombie *zombie = context;
    char now[STATE_MAX];
    read_state(&zombie->stage.ledger, now);
    return strcmp(now, zombie->before) != 0;
}

Test(guards, test_without_fence_and_keys_a_zombie_changes_the_books, .timeout = 200) {
    struct zombie zombie;
    struct captured captured;
    stage_open(&zombie.stage, "no_guard", 0);
    remove_fence(&zombie.stage.ledger);
    remove_unique_keys(&zombie.stage.ledger);
    raise_zombie(&zombie, "no_guard");
    cr_expect(wait_until(has_changed, &zombie, STAGE_TIMEOUT_MS), "fence and keys hold nothing");
    ledger_tellerd(&zombie.stage.ledger, &captured, (const char *const[]){"verify", NULL});
    cr_expect_eq(captured.status, 1, "verify does not see it: %s", captured.out);
    captured_close(&captured);
    bury(&zombie);
}

/* Money for bob out of a transfer that never was. */
static void forge_credit(const struct ledger *ledger, const struct leg_secrets *secrets) {
    struct leg_body body = {.type = COMMAND_TRANSFER, .amount = FORGED_AMOUNT};
    struct strbuf json = {.text = NULL};
    uint8_t envelope[LEG_ENVELOPE_LEN];
    struct sender sender;
    uint16_t lane = partition_of("bob", 3, ledger->partitions);
    struct leg leg = {.kind = LEG_CREDIT, .step = STEP_CREDIT};
    leg.origin = (uint16_t)((lane + 1) % ledger->partitions);
    cr_assert(uuid_parse("0193e4a0-7b1c-7def-8abc-00000000f0e0", UUID_TEXT_LEN, &body.id));
    cr_assert(ident_parse("bob", 3, &body.target));
    cr_assert(ident_parse("alice", 5, &body.client));
    cr_assert(asset_parse("KRW", 3, &body.currency));
    leg_body_encode(&body, &json);
    struct slice value = {(const uint8_t *)json.text, json.len};
    leg_seal(&leg, secrets, lane, slice_of("bob"), value, envelope);
    sender_open(&sender, ledger->sandbox.brokers, ledger->commands);
    sender_put(&sender, &(struct parcel){.key = slice_of("bob"),
                                         .value = value,
                                         .partition = lane,
                                         .leg = {envelope, sizeof envelope}});
    sender_flush(&sender, STAGE_TIMEOUT_MS);
    sender_close(&sender);
    strbuf_close(&json);
    worker_wait_drained(ledger, STAGE_TIMEOUT_MS);
}

/* What a worker does with a leg that nobody who knows the secret has signed. */
struct forgery {
    const char *name;
    const char *program;
    int64_t credited;
    int64_t quarantined;
    int verdict; /* exit code of verify */
};

static void forge(const struct forgery *forgery) {
    struct stage stage;
    struct captured captured;
    struct leg_secrets secrets = {.count = 1};
    stage_open(&stage, forgery->name, 0);
    const struct ledger *ledger = &stage.ledger;
    stage_add(&stage, &(struct worker_plan){.program = forgery->program});
    worker_wait_owners(ledger, 0, STAGE_TIMEOUT_MS);
    stage_teller(ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", "--wait", NULL);
    secrets.items[0].key_id =
        (uint32_t)db_int(ledger->db, "SELECT max(key_id) FROM teller.secret", -1);
    forge_credit(ledger, &secrets);
    cr_expect_eq(stage_account(ledger, "bob", "balance"), forgery->credited);
    cr_expect_eq(db_int(ledger->db,
                        "SELECT count(*) FROM teller.v1_quarantine WHERE reason = 'forged_leg'",
                        -1),
                 forgery->quarantined);
    ledger_tellerd(ledger, &captured, (const char *const[]){"verify", NULL});
    cr_expect_eq(captured.status, forgery->verdict, "%s%s", captured.out, captured.err);
    captured_close(&captured);
    stage_stop_workers(&stage);
    ledger_close(&stage.ledger);
}

Test(guards, test_a_forged_leg_moves_nothing, .timeout = 200) {
    forge(&(struct forgery){"forged", NULL, 0, 1, 0});
}

/* The same worker, built without the comparison. */
Test(guards, test_without_the_hmac_a_forged_leg_makes_money_and_verify_sees_it, .timeout = 200) {
    forge(&(struct forgery){"no_hmac", "tests/tellerd-without-hmac", FORGED_AMOUNT, 0, 1});
}
