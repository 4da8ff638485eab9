/* Stock and purchase: P of the scenarios. */
#include <string.h>

#include "tests/harness/must.h"
#include "tests/harness/plays.h"

#define FIXTURES "tests/fixtures/products.ndjson" /* the products of P2, each with its shop */
#define LINE_MAX_LEN 512
#define BUYERS 100
#define BUYER_HAS 5000

/* The same ids each time: whoever loads them again changes nothing. */
static void open_fixtures(FILE *script) {
    char line[LINE_MAX_LEN];
    FILE *fixtures = fopen(FIXTURES, "r");
    must(fixtures != NULL, "cannot read " FIXTURES);
    while (fgets(line, sizeof line, fixtures) != NULL) {
        fputs(line, script);
    }
    fclose(fixtures);
}

static void open_product(FILE *script, struct prng *prng, const char *product, int price,
                         int stock) {
    play_say(script, prng,
             "'type':'product.create','product':'%s','currency':'KRW','price':%d,'stock':%d,"
             "'mode':'sale'",
             product, price, stock);
}

static void buy(struct crowd *crowd, int member, struct prng *prng, const char *buyer,
                const char *product, int quantity, int price) {
    play_say(crowd->members[member % crowd->count].script, prng,
             "'type':'purchase','account':'%s','product':'%s','quantity':%d,'price':%d", buyer,
             product, quantity, price);
}

/* P1: two buyers of 1. */
static void open_p1(FILE *script, struct prng *prng) {
    open_product(script, prng, "p1-thing", 1000, 4);
    play_account(script, prng, 1000, "p1-a");
    play_account(script, prng, 1000, "p1-b");
}

static void race_p1(struct crowd *crowd, struct prng *prng) {
    buy(crowd, 0, prng, "p1-a", "p1-thing", 1, 1000);
    buy(crowd, 1, prng, "p1-b", "p1-thing", 1, 1000);
}

static void check_p1(const struct ledger *ledger) {
    play_same(play_stock(ledger, "p1-thing"), 2, "P1: stock");
}

/* P2: nobody buys the second and the fourth. */
static void open_p2(FILE *script, struct prng *prng) {
    (void)prng;
    open_fixtures(script);
}

static void race_p2(struct crowd *crowd, struct prng *prng) {
    (void)crowd;
    (void)prng;
}

static void check_p2(const struct ledger *ledger) {
    play_same(play_ask(ledger, "SELECT count(*) FROM teller.v1_product WHERE (product, price,"
                               " stock + sold) IN (('product-1', 10000, 10),"
                               " ('product-2', 12000, 100), ('product-3', 5000, 25),"
                               " ('product-4', 100000, 192), ('product-5', 16000, 0))"),
              5, "P2: products as in the file");
}

/* P3: -1 and -3 of product 1, which has 10. */
static void open_p3(FILE *script, struct prng *prng) {
    open_fixtures(script);
    play_account(script, prng, 10000, "p3-a");
    play_account(script, prng, 30000, "p3-b");
}

static void race_p3(struct crowd *crowd, struct prng *prng) {
    buy(crowd, 0, prng, "p3-a", "product-1", 1, 10000);
    buy(crowd, 1, prng, "p3-b", "product-1", 3, 10000);
}

static void check_p3(const struct ledger *ledger) {
    play_same(play_stock(ledger, "product-1"), 6, "P3: stock");
    play_same(play_balance(ledger, "shop-1"), 40000, "P3: the shop");
}

/* P4: nothing there; and one of two. */
static void open_p4(FILE *script, struct prng *prng) {
    open_fixtures(script);
    open_product(script, prng, "p4-thing", 1000, 2);
    play_account(script, prng, 16000, "p4-late");
    play_account(script, prng, 1000, "p4-a");
}

static void race_p4(struct crowd *crowd, struct prng *prng) {
    buy(crowd, 0, prng, "p4-late", "product-5", 1, 16000);
    buy(crowd, 1, prng, "p4-a", "p4-thing", 1, 1000);
}

static void check_p4(const struct ledger *ledger) {
    play_same(play_outcomes(ledger, "p4-late", "out_of_stock"), 1, "P4: refusals");
    play_same(play_balance(ledger, "p4-late"), 16000, "P4: who got nothing");
    play_same(play_stock(ledger, "product-5"), 0, "P4: stock of nothing");
    play_same(play_stock(ledger, "p4-thing"), 1, "P4: stock");
}

/* P5: the price changes while everybody buys; he who saw less is refused, not charged. */
static void open_p5(FILE *script, struct prng *prng) {
    open_product(script, prng, "p5-thing", 1000, 50);
    for (int i = 0; i < 20; i++) {
        play_account(script, prng, 2000, "p5-%d", i);
    }
}

static void race_p5(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < 20; i++) {
        char buyer[16];
        snprintf(buyer, sizeof buyer, "p5-%d", i);
        buy(crowd, i, prng, buyer, "p5-thing", 1, i % 2 == 0 ? 2000 : 1000);
        if (i == 10) {
            play_say(crowd->members[i % crowd->count].script, prng,
                     "'type':'product.price','product':'p5-thing','price':1500");
        }
    }
}

static void check_p5(const struct ledger *ledger) {
    play_same(play_ask(ledger, "SELECT price FROM teller.v1_product WHERE product = 'p5-thing'"),
              1500, "P5: the price has survived");
    int64_t sold = play_outcomes(ledger, "p5-%", "applied") - 1 /* p5-thing itself */;
    play_same(play_stock(ledger, "p5-thing"), 50 - sold, "P5: stock");
    play_same(sold + play_outcomes(ledger, "p5-%", "price_changed"), 20, "P5: answers");
    play_same(play_ask(ledger, "SELECT count(*) FROM teller.v1_account WHERE account LIKE 'p5-%%'"
                               " AND balance NOT IN (500, 1000, 2000)"),
              0, "P5: buyers who paid what was never the price");
}

/* P6: 100 buyers of the 25 of product 3. */
static void open_p6(FILE *script, struct prng *prng) {
    open_fixtures(script);
    for (int i = 0; i < BUYERS; i++) {
        play_account(script, prng, BUYER_HAS, "p6-%d", i);
    }
}

static void race_p6(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < BUYERS; i++) {
        char buyer[16];
        snprintf(buyer, sizeof buyer, "p6-%d", i);
        buy(crowd, i, prng, buyer, "product-3", 1, 5000);
    }
}

static void check_p6(const struct ledger *ledger) {
    play_same(play_outcomes(ledger, "p6-%", "applied"), 25, "P6: winners");
    play_same(play_outcomes(ledger, "p6-%", "out_of_stock"), 75, "P6: refused");
    play_same(play_stock(ledger, "product-3"), 0, "P6: stock");
    play_same(play_balance(ledger, "shop-3"), 125000, "P6: what was moved");
    play_same(play_ask(ledger, "SELECT sum(balance) FROM teller.v1_account"
                               " WHERE account LIKE 'p6-%%'"),
              BUYERS * BUYER_HAS - 125000, "P6: what the buyers have left");
}

/* P7: buyers in all lanes; the poor are short of money, the others find one piece. */
static void open_p7(FILE *script, struct prng *prng) {
    play_account(script, prng, 0, "p7-shop");
    play_say(script, prng,
             "'type':'product.create','product':'p7-thing','currency':'KRW','price':700,"
             "'stock':1,'mode':'sale','seller':'p7-shop'");
    for (int i = 0; i < 16; i++) {
        play_account(script, prng, 699, "p7-poor-%d", i);
        play_account(script, prng, 700, "p7-rich-%d", i);
    }
}

static void race_p7(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < 32; i++) {
        char buyer[16];
        snprintf(buyer, sizeof buyer, "p7-%s-%d", i % 2 == 0 ? "poor" : "rich", i / 2);
        buy(crowd, i, prng, buyer, "p7-thing", 1, 700);
    }
}

static void check_p7(const struct ledger *ledger) {
    play_same(play_outcomes(ledger, "p7-poor-%", "insufficient_funds"), 16, "P7: the poor");
    play_same(play_outcomes(ledger, "p7-rich-%", "out_of_stock"), 15, "P7: the late");
    play_same(play_ask(ledger, "SELECT count(*) FROM teller.v1_account WHERE account LIKE 'p7-%%'"
                               " AND held = 0 AND balance = CASE WHEN account LIKE 'p7-poor-%%'"
                               " THEN 699 ELSE 700 END"),
              16 + 15 + 1, "P7: accounts where nothing changed, and the shop's 700");
    play_same(play_stock(ledger, "p7-thing"), 0, "P7: stock");
}

/* P8, P9: one seat; every process has a buyer of its own. */
static void open_p8(FILE *script, struct prng *prng) {
    open_product(script, prng, "p8-seat", 100, 1);
    for (int i = 0; i < CROWD_MAX; i++) {
        play_account(script, prng, 100, "p8-%d", i);
    }
}

static void race_p8(struct crowd *crowd, struct prng *prng) {
    for (int i = 0; i < crowd->count; i++) {
        char buyer[16];
        snprintf(buyer, sizeof buyer, "p8-%d", i);
        buy(crowd, i, prng, buyer, "p8-seat", 1, 100);
    }
}

static void check_p8(const struct ledger *ledger) {
    play_same(play_outcomes(ledger, "p8-%", "applied"), 1, "P8: owners of one seat");
    play_same(play_ask(ledger, "SELECT count(*) FROM teller.v1_account"
                               " WHERE account LIKE 'p8-%%' AND balance = 0"),
              1, "P8: who paid for it");
    play_same(play_stock(ledger, "p8-seat"), 0, "P8: seats left");
}

const struct play plays_sale[] = {
    {"p1", open_p1, NULL, race_p1, check_p1}, {"p2", open_p2, NULL, race_p2, check_p2},
    {"p3", open_p3, NULL, race_p3, check_p3}, {"p4", open_p4, NULL, race_p4, check_p4},
    {"p5", open_p5, NULL, race_p5, check_p5}, {"p6", open_p6, NULL, race_p6, check_p6},
    {"p7", open_p7, NULL, race_p7, check_p7}, {"p8", open_p8, NULL, race_p8, check_p8},
    {NULL, NULL, NULL, NULL, NULL},
};
