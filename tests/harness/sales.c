#include "tests/harness/sales.h"

#include <stddef.h>

#include "tests/harness/stage.h"

#define HOLD "0193e4a0-7b1c-7def-8abc-0000000000a1"
#define TRANSFER "0193e4a0-7b1c-7def-8abc-0000000000a2"
#define SUBSCRIPTION "0193e4a0-7b1c-7def-8abc-0000000000a3"

#define SAY(status, ...) stage_teller(ledger, status, NULL, 0, __VA_ARGS__, "--wait", NULL)

static const char *const people[] = {"alice", "bob", "carol", "dave"};

static void fill_accounts(const struct ledger *ledger) {
    SAY(0, "open", "shop", "--currency", "EUR");
    SAY(0, "open", "yen", "--currency", "JPY");
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        SAY(0, "open", people[i], "--currency", "EUR");
        SAY(0, "deposit", people[i], "1000");
    }
}

static void fill_transfers(const struct ledger *ledger) {
    SAY(0, "transfer", "alice", "bob", "100", "--memo", "rent");
    SAY(1, "transfer", "alice", "nobody", "5");
    SAY(1, "transfer", "alice", "yen", "5");
    SAY(0, "transfer", "carol", "dave", "33", "--id", TRANSFER);
    SAY(0, "reverse", "dave", TRANSFER);
    SAY(0, "hold", "alice", "70", "--id", HOLD);
    SAY(0, "capture", "alice", HOLD, "--to", "dave", "--amount", "20");
}

static void fill_purchases(const struct ledger *ledger) {
    SAY(0, "product", "create", "seat", "--currency", "EUR", "--price", "10", "--stock", "5",
        "--seller", "shop", "--mode", "sale");
    SAY(0, "product", "create", "own", "--currency", "EUR", "--price", "3", "--stock", "50",
        "--mode", "sale", "--cap-per-account", "4");
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        SAY(i < 2 ? 0 : 1, "purchase", people[i], "seat", "--quantity", "2", "--price", "12");
        SAY(0, "purchase", people[i], "own", "--quantity", "3", "--price", "3");
    }
    SAY(1, "purchase", "bob", "own", "--quantity", "3", "--price", "3");
    SAY(0, "product", "restock", "own", "10");
    SAY(0, "product", "price", "own", "5");
    SAY(1, "purchase", "alice", "own", "--quantity", "1", "--price", "4");
}

static void fill_subscriptions(const struct ledger *ledger) {
    SAY(0, "product", "create", "ipo", "--currency", "EUR", "--price", "7", "--stock", "10",
        "--mode", "subscription", "--cap", "40", "--cap-per-account", "20", "--seller", "gone");
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        SAY(0, "subscribe", people[i], "ipo", "--quantity", "7", "--price", "8");
    }
    SAY(0, "subscribe", "bob", "ipo", "--quantity", "3", "--price", "7", "--id", SUBSCRIPTION);
    SAY(0, "unsubscribe", "bob", "ipo", SUBSCRIPTION);
    SAY(0, "product", "finalize", "ipo");
    SAY(1, "product", "finalize", "ipo");
    SAY(0, "product", "create", "left", "--currency", "EUR", "--price", "7", "--stock", "10",
        "--mode", "subscription");
    SAY(0, "subscribe", "alice", "left", "--quantity", "2", "--price", "7");
}

void sales_fill(const struct ledger *ledger) {
    fill_accounts(ledger);
    fill_transfers(ledger);
    fill_purchases(ledger);
    fill_subscriptions(ledger);
}
