#include "tests/race/scenario.h"

#include "common/prng.h"
#include "tests/harness/must.h"

#define SPREAD_ROWS 1000
#define RICH 1000000 /* won: nobody runs short */
#define STOCK 25
#define CAP 10

static int one_account(int clients, struct row *rows) {
    (void)clients;
    rows[0] = (struct row){ROW_ACCOUNT, 0};
    return 1;
}

static void click(int base, int client, int i, struct op *op) {
    (void)client;
    (void)i;
    *op = (struct op){.kind = OP_DEPOSIT, .who = base, .moves_count = 1, .moves = {{base, 1}}};
}

static int many_accounts(int clients, struct row *rows) {
    (void)clients;
    for (int i = 0; i < SPREAD_ROWS; i++) {
        rows[i] = (struct row){ROW_ACCOUNT, RICH};
    }
    return SPREAD_ROWS;
}

static void deposit_or_withdraw(int base, int client, int i, struct op *op) {
    struct prng prng;
    prng_seed(&prng, (uint64_t)client * SCENARIO_OPS_MAX + (uint64_t)i);
    int row = base + (int)prng_below(&prng, SPREAD_ROWS);
    int64_t amount = 1 + (int64_t)prng_below(&prng, 100);
    bool up = prng_below(&prng, 2) == 0;
    *op = (struct op){.kind = up ? OP_DEPOSIT : OP_WITHDRAW,
                      .who = row,
                      .moves_count = 1,
                      .moves = {{row, up ? amount : -amount}}};
}

static void transfer(int from, int to, int64_t amount, struct op *op) {
    *op = (struct op){.kind = OP_TRANSFER,
                      .who = from,
                      .moves_count = 2,
                      .moves = {{from, -amount}, {to, amount}}};
}

/* B comes first: it is the headline. */
static int two_people(int clients, struct row *rows) {
    (void)clients;
    rows[0] = (struct row){ROW_ACCOUNT, 10000};
    rows[1] = (struct row){ROW_ACCOUNT, 10000};
    return 2;
}

static void send_or_withdraw(int base, int client, int i, struct op *op) {
    (void)i;
    if (client == 0) {
        transfer(base + 1, base, SCENARIO_REMITTANCE, op);
        return;
    }
    *op = (struct op){.kind = OP_WITHDRAW,
                      .who = base,
                      .moves_count = 1,
                      .moves = {{base, -SCENARIO_WITHDRAWAL}}};
}

static int two_rich(int clients, struct row *rows) {
    (void)clients;
    rows[0] = rows[1] = (struct row){ROW_ACCOUNT, RICH};
    return 2;
}

static void cross(int base, int client, int i, struct op *op) {
    int from = client % 2;
    transfer(base + from, base + 1 - from, 1 + (client * 7 + i) % 100, op);
}

static int shop(int clients, struct row *rows) {
    rows[0] = (struct row){ROW_PRODUCT, STOCK};
    rows[1] = (struct row){ROW_ACCOUNT, 0};
    for (int i = 0; i < clients; i++) {
        rows[2 + i] = (struct row){ROW_ACCOUNT, 100000};
    }
    return 2 + clients;
}

static void buy(int base, int client, int i, struct op *op) {
    (void)i;
    int buyer = base + 2 + client;
    *op = (struct op){.kind = OP_PURCHASE,
                      .who = buyer,
                      .moves_count = 3,
                      .moves = {{buyer, -SCENARIO_PRICE}, {base, -1}, {base + 1, SCENARIO_PRICE}}};
}

/* A seller, whom only Teller asks for, and a subscriber for each client. */
static int club(int clients, struct row *rows) {
    (void)shop(clients, rows);
    rows[0] = (struct row){ROW_CLUB, CAP};
    return 2 + clients;
}

static void join(int base, int client, int i, struct op *op) {
    (void)i;
    *op = (struct op){
        .kind = OP_JOIN, .who = base + 2 + client, .moves_count = 1, .moves = {{base, -1}}};
}

static int deal(int clients, struct row *rows) {
    (void)clients;
    rows[0] = (struct row){ROW_DEAL, 1};
    rows[1] = (struct row){ROW_ACCOUNT, 0};
    return 2;
}

static void finalize(int base, int client, int i, struct op *op) {
    (void)client;
    (void)i;
    *op =
        (struct op){.kind = OP_FINALIZE, .who = base + 1, .moves_count = 1, .moves = {{base, -1}}};
}

const struct scenario scenario_table[SCENARIO_COUNT] = {
    {.name = "hot",
     .title = "One hot account",
     .story = "Every click adds 1 to the same row: a view counter, a popular seller, a till.",
     .naive_must_lose = true,
     .headline = HEADLINE_VALUE,
     .rows = one_account,
     .op = click},
    {.name = "spread",
     .title = "A thousand quiet accounts",
     .story = "Deposits and withdrawals on 1,000 accounts: two clients seldom meet.",
     .headline = HEADLINE_TOTAL,
     .rows = many_accounts,
     .op = deposit_or_withdraw},
    {.name = "remittance",
     .title = "Remittance against withdrawal",
     .story = "B has 10,000. A sends B 5,000 while B withdraws 7,000, with 20 ms between read and "
              "write. B must end at 8,000, in either order.",
     .needs = {"transfer"},
     .scale = {2, 20, 1, 0},
     .think_ms = 20,
     .naive_must_lose = true,
     .headline = HEADLINE_VALUE,
     .rows = two_people,
     .op = send_or_withdraw},
    {.name = "crossing",
     .title = "A to B and B to A at once",
     .story = "Eight clients send money between two accounts, half of them each way: locks taken "
              "in the order of the payment meet head on.",
     .needs = {"transfer"},
     .scale = {8, 1, 0, 1500},
     .headline = HEADLINE_TOTAL,
     .rows = two_rich,
     .op = cross},
    {.name = "stock",
     .title = "25 units, 100 buyers",
     .story = "A hundred purchases of one unit at 5,000 race for 25 units: buyer, stock and seller "
              "change together. 25 win.",
     .needs = {"purchase", "product.create"},
     .scale = {20, 3, 5, 0},
     .headline = HEADLINE_WINNERS,
     .naive_must_lose = true,
     .ideal = STOCK,
     .rows = shop,
     .op = buy},
    {.name = "cap",
     .title = "A cap of 10, 50 applicants",
     .story = "Fifty applications race for ten places. What is limited is how many rows there are, "
              "so there is no row to lock.",
     .needs = {"subscribe", "product.create"},
     .scale = {25, 5, 2, 0},
     .headline = HEADLINE_WINNERS,
     .ideal = CAP,
     .rows = club,
     .op = join},
    {.name = "finalize",
     .title = "One deal, closed 100 times",
     .story = "A hundred requests close the same deal, whose side effects must happen once.",
     .needs = {"product.finalize", "product.create"},
     .scale = {50, 5, 2, 0},
     .headline = HEADLINE_WINNERS,
     .ideal = 1,
     .rows = deal,
     .op = finalize},
};

bool scenario_is_load(const struct scenario *scenario) {
    return scenario->scale.clients == 0;
}

void scenario_script(const struct scenario *scenario, const struct scale *scale, int client,
                     struct script *script) {
    struct row rows[SCENARIO_ROWS_MAX];
    int rows_count = scenario->rows(scale->clients, rows);
    int each = scale->per_round == 0 ? SCENARIO_OPS_MAX : scale->per_round;
    must(scale->rounds * each <= SCENARIO_OPS_MAX, "a script of %s is too long", scenario->name);
    script->count = 0;
    for (int round = 0; round < scale->rounds; round++) {
        for (int i = 0; i < each; i++) {
            scenario->op(round * rows_count, client, i, &script->ops[script->count++]);
        }
    }
}
