#include "tests/race/teller_words.h"

#include <stdlib.h>

#include "common/command_json.h"
#include "common/rt/clock.h"
#include "tests/harness/must.h"

#define PLACE_PRICE 1 /* won, of a place in a club */

/* {"v":1,"id":...,"type":TYPE,ENTITY:"b3-r7" */
static void begin(struct strbuf *json, const char *type, const char *entity, int bout, int row) {
    uint8_t dice[10];
    char id[UUID_TEXT_LEN + 1];
    clock_random(dice, sizeof dice);
    struct uuid uuid = uuid_v7(clock_unix_ms(), dice);
    uuid_format(&uuid, id);
    strbuf_printf(json, "{\"v\":1,\"id\":\"%s\",\"type\":\"%s\",\"%s\":\"b%d-r%d\"", id, type,
                  entity, bout, row);
}

static void add_int(struct strbuf *json, const char *field, int64_t value) {
    strbuf_printf(json, ",\"%s\":%lld", field, (long long)value);
}

static void add_row(struct strbuf *json, const char *field, int bout, int row) {
    strbuf_printf(json, ",\"%s\":\"b%d-r%d\"", field, bout, row);
}

static void move_one(struct strbuf *json, int bout, const char *type, int row, int64_t amount) {
    begin(json, type, "account", bout, row);
    add_int(json, "amount", llabs(amount));
}

static void ask_product(struct strbuf *json, int bout, const char *type, const struct op *op,
                        int product, int64_t price) {
    begin(json, type, "account", bout, op->who);
    add_row(json, "product", bout, product);
    add_int(json, "quantity", 1);
    add_int(json, "price", price);
}

static void write_op(struct strbuf *json, int bout, const struct op *op) {
    const struct move *moves = op->moves;
    switch (op->kind) {
    case OP_DEPOSIT: move_one(json, bout, "deposit", moves[0].row, moves[0].delta); break;
    case OP_WITHDRAW: move_one(json, bout, "withdraw", moves[0].row, moves[0].delta); break;
    case OP_TRANSFER:
        move_one(json, bout, "transfer", moves[0].row, moves[0].delta);
        add_row(json, "to", bout, moves[1].row);
        break;
    case OP_PURCHASE: ask_product(json, bout, "purchase", op, moves[1].row, SCENARIO_PRICE); break;
    case OP_JOIN: ask_product(json, bout, "subscribe", op, moves[0].row, PLACE_PRICE); break;
    case OP_FINALIZE: begin(json, "product.finalize", "product", bout, moves[0].row); break;
    }
    strbuf_add_char(json, '}');
}

struct slice teller_words_op(struct strbuf *json, int bout, const struct op *op,
                             struct arena *arena, struct command *command) {
    strbuf_reset(json);
    write_op(json, bout, op);
    must(!json->failed, "out of memory");
    struct slice slice = {.at = (const uint8_t *)json->text, .len = json->len};
    struct refusal why;
    arena_reset(arena);
    must(command_decode(slice, COMMAND_JSON_RULES, arena, command, &why), "%s: %s", json->text,
         why.detail);
    return slice;
}

static void make_account(struct strbuf *lines, int bout, int number, int64_t start) {
    begin(lines, "account.open", "account", bout, number);
    strbuf_add_text(lines, ",\"currency\":\"KRW\"}\n");
    if (start > 0) {
        move_one(lines, bout, "deposit", number, start);
        strbuf_add_text(lines, "}\n");
    }
}

void teller_words_row(struct strbuf *lines, int bout, int number, const struct row *row,
                      int seller) {
    if (row->role == ROW_ACCOUNT) {
        make_account(lines, bout, number, row->start);
        return;
    }
    bool is_club = row->role == ROW_CLUB;
    begin(lines, "product.create", "product", bout, number);
    add_row(lines, "seller", bout, seller);
    add_int(lines, "price", is_club ? PLACE_PRICE : SCENARIO_PRICE);
    add_int(lines, "stock", row->start);
    if (is_club) {
        add_int(lines, "cap", row->start);
    }
    strbuf_printf(lines, ",\"mode\":\"%s\",\"currency\":\"KRW\"}\n",
                  is_club ? "subscription" : "sale");
}

void teller_words_question(struct strbuf *sql, int bout, int number, const struct row *row) {
    switch (row->role) {
    case ROW_ACCOUNT:
        strbuf_printf(sql, "SELECT balance FROM teller.v1_account WHERE account = 'b%d-r%d'", bout,
                      number);
        break;
    case ROW_PRODUCT:
        strbuf_printf(sql, "SELECT stock FROM teller.v1_product WHERE product = 'b%d-r%d'", bout,
                      number);
        break;
    case ROW_CLUB:
        strbuf_printf(sql,
                      "SELECT %lld - count(*) FROM teller.subscription s JOIN teller.product p "
                      "ON p.lane = s.lane AND p.number = s.product_number WHERE p.id = 'b%d-r%d'",
                      (long long)row->start, bout, number);
        break;
    case ROW_DEAL:
        strbuf_printf(sql,
                      "SELECT %lld - count(*) FROM teller.v1_outcome WHERE product = 'b%d-r%d' "
                      "AND type = 'product.finalize' AND state = 'applied'",
                      (long long)row->start, bout, number);
        break;
    }
}
