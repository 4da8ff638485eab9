/* Remittance, bank account and undo: R, V and T of the scenarios. */
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/plays.h"

#define REPEATED "0193e4a0-7b1c-7def-8abc-0000000f0006"
#define UNDONE "0193e4a0-7b1c-7def-8abc-0000000f0010"
#define TIMES 10 /* of each member, where a race is of many */

/* R1, R3: A sends B 5,000, who has 10,000; B withdraws 7,000. */
static void open_r1(FILE *script, struct prng *prng) {
    play_account(script, prng, 20000, "r1-a");
    play_account(script, prng, 10000, "r1-b");
}

static void race_r1(struct crowd *crowd, struct prng *prng) {
    play_say(crowd->members[0].script, prng,
             "'type':'transfer','account':'r1-a','to':'r1-b','amount':5000");
    play_say(crowd->members[1].script, prng, "'type':'withdraw','account':'r1-b','amount':7000");
}

static void check_r1(const struct ledger *ledger) {
    play_same(play_balance(ledger, "r1-b"), 8000, "R1: the receiver");
    play_same(play_balance(ledger, "r1-a"), 15000, "R3: the sender");
}

/* R4: the sender is short of money. */
static void open_r4(FILE *script, struct prng *prng) {
    play_account(script, prng, 3000, "r4-a");
    play_account(script, prng, 10000, "r4-b");
}

static void race_r4(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < crowd->count; i++) {
        play_say(crowd->members[i].script, prng,
                 "'type':'transfer','account':'r4-a','to':'r4-b','amount':5000");
    }
}

static void check_r4(const struct ledger *ledger) {
    play_same(play_balance(ledger, "r4-a"), 3000, "R4: the sender");
    play_same(play_balance(ledger, "r4-b"), 10000, "R4: the receiver");
    must(play_outcomes(ledger, "r4-a", "insufficient_funds") > 0, "R4: nobody was refused");
    play_same(play_outcomes(ledger, "r4-a", "applied"), 0, "R4: done without money");
}

/* R6: the same transfer, sent again and again by everybody. */
static void open_r6(FILE *script, struct prng *prng) {
    play_account(script, prng, 20000, "r6-a");
    play_account(script, prng, 10000, "r6-b");
}

static void race_r6(struct crowd *crowd, struct prng *prng) {
    play_say(crowd->members[0].script, prng, "'type':'withdraw','account':'r6-b','amount':7000");
    for (int i = 0; i < TIMES * crowd->count; i++) {
        play_say(crowd->members[i % crowd->count].script, prng,
                 "'id':'" REPEATED "','type':'transfer','account':'r6-a','to':'r6-b',"
                 "'amount':5000");
    }
}

static void check_r6(const struct ledger *ledger) {
    play_same(play_balance(ledger, "r6-b"), 8000, "R6: the receiver");
    play_same(play_balance(ledger, "r6-a"), 15000, "R6: the sender");
}

/* R8: everybody wants the same account. */
static void open_r8(FILE *script, struct prng *prng) {
    play_account(script, prng, 100000, "r8-hot");
    for (int i = 0; i < CROWD_MAX; i++) {
        play_account(script, prng, 1000, "r8-%d", i);
    }
}

static void race_r8(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < TIMES * crowd->count; i++) {
        int member = i % crowd->count;
        FILE *script = crowd->members[member].script;
        play_say(script, prng, "'type':'transfer','account':'r8-%d','to':'r8-hot','amount':100",
                 member);
        play_say(script, prng, "'type':'transfer','account':'r8-hot','to':'r8-%d','amount':100",
                 member);
    }
}

static void check_r8(const struct ledger *ledger) {
    play_same(play_balance(ledger, "r8-hot"), 100000, "R8: the account that all want");
    play_same(play_ask(ledger, "SELECT count(*) FROM teller.v1_outcome"
                               " WHERE account LIKE 'r8-%%' AND state <> 'applied'"),
              0, "R8: contention became an error");
}

/* R9: to and fro. */
static void open_r9(FILE *script, struct prng *prng) {
    play_account(script, prng, 10000, "r9-a");
    play_account(script, prng, 10000, "r9-b");
}

static void race_r9(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < TIMES * crowd->count; i++) {
        bool is_back = i % 2 != 0;
        play_say(crowd->members[i % crowd->count].script, prng,
                 "'type':'transfer','account':'r9-%s','to':'r9-%s','amount':100",
                 is_back ? "b" : "a", is_back ? "a" : "b");
    }
}

static void check_r9(const struct ledger *ledger) {
    play_same(play_balance(ledger, "r9-a"), 10000, "R9: one");
    play_same(play_balance(ledger, "r9-b"), 10000, "R9: the other");
    play_same(play_ask(ledger, "SELECT count(*) FROM teller.v1_outcome"
                               " WHERE account LIKE 'r9-%%' AND state <> 'applied'"),
              0, "R9: one of them has failed");
    play_same(play_ask(ledger, "SELECT deadlocks FROM pg_stat_database"
                               " WHERE datname = current_database()"),
              0, "R9: deadlocks (40P01)");
}

/* V1: 500,000 come and 300,000 go, on three accounts. */
static void open_v1(FILE *script, struct prng *prng) {
    for (int i = 0; i < 3; i++) {
        play_account(script, prng, 1000000, "v1-%d", i);
    }
}

static void race_v1(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < 3; i++) {
        play_say(crowd->members[0].script, prng,
                 "'type':'deposit','account':'v1-%d','amount':500000", i);
        play_say(crowd->members[1].script, prng,
                 "'type':'withdraw','account':'v1-%d','amount':300000", i);
    }
}

static void check_v1(const struct ledger *ledger) {
    play_same(play_ask(ledger, "SELECT count(*) FROM teller.v1_account"
                               " WHERE account LIKE 'v1-%%' AND balance = 1200000"),
              3, "V1: accounts where both are kept");
}

/* V2: everybody counts a view. */
static void open_v2(FILE *script, struct prng *prng) {
    play_say(script, prng, "'type':'account.open','account':'v2-page','currency':'VIEW'");
}

static void race_v2(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < 1000; i++) {
        play_say(crowd->members[i % crowd->count].script, prng,
                 "'type':'deposit','account':'v2-page','amount':1");
    }
}

static void check_v2(const struct ledger *ledger) {
    play_same(play_balance(ledger, "v2-page"), 1000, "V2: views");
}

/* T5, T8: a deposit and a withdrawal that fails: as a group nothing, one after the other half. */
static void open_t5(FILE *script, struct prng *prng) {
    play_account(script, prng, 0, "t5-group");
    play_account(script, prng, 0, "t5-apart");
}

static void race_t5(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < crowd->count; i++) {
        play_say(crowd->members[i].script, prng,
                 "'type':'group','account':'t5-group','commands':[{'type':'deposit','amount':10},"
                 "{'type':'withdraw','amount':11}]");
    }
    FILE *script = crowd->members[0].script;
    play_say(script, prng, "'type':'deposit','account':'t5-apart','amount':10");
    play_say(script, prng, "'type':'withdraw','account':'t5-apart','amount':11");
}

static void check_t5(const struct ledger *ledger) {
    play_same(play_balance(ledger, "t5-group"), 0, "T5: half of a group stayed");
    play_same(play_outcomes(ledger, "t5-group", "applied"), 0, "T5: groups that were applied");
    play_same(play_balance(ledger, "t5-apart"), 10, "T8: two commands are not one");
}

/* T10: everybody takes the same transfer back. */
static void open_t10(FILE *script, struct prng *prng) {
    play_account(script, prng, 10000, "t10-a");
    play_account(script, prng, 1000, "t10-b");
}

static void fill_t10(FILE *script, struct prng *prng) {
    play_say(script, prng,
             "'id':'" UNDONE "','type':'transfer','account':'t10-a','to':'t10-b','amount':5000");
}

static void race_t10(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < crowd->count; i++) {
        play_say(crowd->members[i].script, prng,
                 "'type':'reverse','account':'t10-b','of':'" UNDONE "'");
    }
}

static void check_t10(const struct ledger *ledger) {
    play_same(play_balance(ledger, "t10-a"), 10000, "T10: the sender");
    play_same(play_balance(ledger, "t10-b"), 1000, "T10: the receiver");
    play_same(play_outcomes(ledger, "t10-b", "applied"), 1, "T10: reversals");
}

const struct play plays_remittance[] = {
    {"r1", open_r1, NULL, race_r1, check_r1},         {"r4", open_r4, NULL, race_r4, check_r4},
    {"r6", open_r6, NULL, race_r6, check_r6},         {"r8", open_r8, NULL, race_r8, check_r8},
    {"r9", open_r9, NULL, race_r9, check_r9},         {"v1", open_v1, NULL, race_v1, check_v1},
    {"v2", open_v2, NULL, race_v2, check_v2},         {"t5", open_t5, NULL, race_t5, check_t5},
    {"t10", open_t10, fill_t10, race_t10, check_t10}, {NULL, NULL, NULL, NULL, NULL},
};
