/* Deal, subscription, allotment: D of the scenarios. */
#include "tests/harness/must.h"
#include "tests/harness/plays.h"

#define RACERS 50
#define FINALIZERS 100

static void open_product(FILE *script, struct prng *prng, const char *product, const char *mode,
                         int stock, const char *caps) {
    play_say(script, prng,
             "'type':'product.create','product':'%s','currency':'KRW','price':100,'stock':%d,"
             "'mode':'%s'%s",
             product, stock, mode, caps);
}

static void subscribe(FILE *script, struct prng *prng, const char *account, const char *product,
                      int quantity) {
    play_say(script, prng,
             "'type':'subscribe','account':'%s','product':'%s','quantity':%d,'price':100", account,
             product, quantity);
}

static int64_t subscribed(const struct ledger *ledger, const char *product) {
    return play_ask(ledger,
                    "SELECT coalesce(sum(s.quantity), 0) FROM teller.subscription s"
                    " JOIN teller.product p ON p.number = s.product_number AND p.lane = s.lane"
                    " WHERE p.id = '%s'",
                    product);
}

/* D4: everybody closes the same deal. */
static void open_d4(FILE *script, struct prng *prng) {
    open_product(script, prng, "d4-deal", "sale", 10, "");
}

static void finalize(struct crowd *crowd, struct prng *prng, const char *product) {
    for (int i = 0; i < FINALIZERS; i++) {
        play_say(crowd->members[i % crowd->count].script, prng,
                 "'type':'product.finalize','product':'%s'", product);
    }
}

static void race_d4(struct crowd *crowd, struct prng *prng) {
    finalize(crowd, prng, "d4-deal");
}

static void check_d4(const struct ledger *ledger) {
    play_same(play_outcomes(ledger, "d4-deal", "applied"), 1, "D4: done");
    play_same(play_outcomes(ledger, "d4-deal", "already_finalized"), FINALIZERS - 1,
              "D4: came too late");
}

/* D5: a cap of 10, and 50 who want 1, or 3; and one person who wants 50 times. */
static void open_d5(FILE *script, struct prng *prng) {
    open_product(script, prng, "d5-ones", "subscription", 10, ",'cap':10");
    open_product(script, prng, "d5-threes", "subscription", 10, ",'cap':10");
    open_product(script, prng, "d5-person", "subscription", 10, ",'cap_per_account':10");
    play_account(script, prng, RACERS * 100, "d5-greedy");
    for (int i = 0; i < RACERS; i++) {
        play_account(script, prng, 400, "d5-%d", i);
    }
}

static void race_d5(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < RACERS; i++) {
        char account[16];
        FILE *script = crowd->members[i % crowd->count].script;
        snprintf(account, sizeof account, "d5-%d", i);
        subscribe(script, prng, account, "d5-ones", 1);
        subscribe(script, prng, account, "d5-threes", 3);
        subscribe(script, prng, "d5-greedy", "d5-person", 1);
    }
}

static void check_d5(const struct ledger *ledger) {
    play_same(subscribed(ledger, "d5-ones"), 10, "D5: subscribed of a cap of 10");
    play_same(subscribed(ledger, "d5-threes"), 9, "D5: by threes");
    play_same(subscribed(ledger, "d5-person"), 10, "D5: by one person");
    play_same(play_outcomes(ledger, "d5-%", "cap_exceeded"), 3 * RACERS - 10 - 3 - 10,
              "D5: refusals");
    play_same(play_ask(ledger, "SELECT sum(held) FROM teller.v1_account"
                               " WHERE account LIKE 'd5-%%'"),
              (10 + 9 + 10) * 100, "D5: money held for what was accepted, and no more");
}

/* D6: who asks is in every lane; what decides is one row in one lane. */
static void check_d6(const struct ledger *ledger) {
    play_same(play_ask(ledger, "SELECT count(DISTINCT s.lane) FROM teller.subscription s"
                               " JOIN teller.product p ON p.number = s.product_number"
                               "  AND p.lane = s.lane WHERE p.id = 'd5-ones'"),
              1, "D6: lanes that decide");
    must(play_ask(ledger, "SELECT count(DISTINCT lane) FROM teller.v1_account"
                          " WHERE account LIKE 'd5-%%'") > 1,
         "D6: all subscribers are in one lane");
    check_d5(ledger);
}

/* D7: 100 pieces for three who want 100 each. */
static void open_d7(FILE *script, struct prng *prng) {
    open_product(script, prng, "d7-ipo", "subscription", 100, "");
    for (int i = 0; i < 3; i++) {
        play_account(script, prng, 10000, "d7-%d", i);
    }
}

static void fill_d7(FILE *script, struct prng *prng) {
    for (int i = 0; i < 3; i++) {
        char account[16];
        snprintf(account, sizeof account, "d7-%d", i);
        subscribe(script, prng, account, "d7-ipo", 100);
    }
}

static void race_d7(struct crowd *crowd, struct prng *prng) {
    finalize(crowd, prng, "d7-ipo");
}

static void check_d7(const struct ledger *ledger) {
    play_same(play_ask(ledger, "SELECT count(*) FROM teller.subscription s JOIN teller.product p"
                               " ON p.number = s.product_number AND p.lane = s.lane"
                               " WHERE p.id = 'd7-ipo'"
                               " AND allotted = CASE s.number WHEN 1 THEN 34 ELSE 33 END"),
              3, "D7: 34 for the first, 33 for the others");
    play_same(play_ask(ledger, "SELECT sum(balance) FROM teller.v1_account"
                               " WHERE account LIKE 'd7-%%' AND held = 0"),
              30000 - 100 * 100, "D7: each piece is paid for once");
    play_same(play_stock(ledger, "d7-ipo"), 0, "D7: stock");
}

const struct play plays_deal[] = {
    {"d4", open_d4, NULL, race_d4, check_d4},
    {"d5", open_d5, NULL, race_d5, check_d6},
    {"d7", open_d7, fill_d7, race_d7, check_d7},
    {NULL, NULL, NULL, NULL, NULL},
};
