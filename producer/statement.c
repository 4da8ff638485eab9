#include "producer/statement.h"

#include <libsmartcols.h>
#include <string.h>

#include "common/check.h"

static void add_text(struct strbuf *line, const char *name, const char *text) {
    if (text[0] != '\0') {
        strbuf_printf(line, ",\"%s\":", name);
        strbuf_add_json_string(line, text, strlen(text));
    }
}

static void add_number(struct strbuf *line, const char *name, int64_t number) {
    strbuf_printf(line, ",\"%s\":", name);
    strbuf_add_int(line, number);
}

static void account_json(struct strbuf *line, const struct ident *account,
                         const struct query_account *found) {
    strbuf_add_text(line, "{\"v\":1");
    add_text(line, "account", account->text);
    add_text(line, "currency", found->currency.text);
    add_number(line, "balance", found->balance);
    add_number(line, "held", found->held);
    add_number(line, "available", found->available);
    add_number(line, "floor", found->floor);
    add_number(line, "ceiling", found->ceiling);
    add_text(line, "state", found->state);
    add_number(line, "version", found->version);
    add_number(line, "lane", found->lane);
    strbuf_add_char(line, '}');
}

static void account_text(struct strbuf *line, const struct ident *account,
                         const struct query_account *found) {
    char balance[MONEY_TEXT_MAX];
    char available[MONEY_TEXT_MAX];
    char held[MONEY_TEXT_MAX];
    render_money(found->balance, &found->currency, balance);
    render_money(found->available, &found->currency, available);
    render_money(found->held, &found->currency, held);
    strbuf_printf(line, "%s: balance %s, available %s, held %s", account->text, balance, available,
                  held);
    if (strcmp(found->state, "open") != 0) {
        strbuf_printf(line, " (%s)", found->state);
    }
}

void statement_account(struct render *render, const struct ident *account,
                       const struct query_account *found) {
    switch (render->form) {
    case RENDER_JSON: account_json(&render->line, account, found); break;
    case RENDER_PLAIN:
        strbuf_printf(&render->line, "%s\t%s\t%lld\t%lld\t%lld\t%s\t%lld", account->text,
                      found->currency.text, (long long)found->balance, (long long)found->held,
                      (long long)found->available, found->state, (long long)found->version);
        break;
    case RENDER_TEXT: account_text(&render->line, account, found); break;
    }
    render_line(render);
}

static void product_json(struct strbuf *line, const struct ident *product,
                         const struct query_product *found) {
    strbuf_add_text(line, "{\"v\":1");
    add_text(line, "product", product->text);
    add_text(line, "currency", found->currency.text);
    add_number(line, "price", found->price);
    add_number(line, "stock", found->stock);
    add_number(line, "sold", found->sold);
    add_text(line, "mode", found->mode);
    add_text(line, "state", found->state);
    if (found->cap != 0) {
        add_number(line, "cap", found->cap);
    }
    if (found->cap_per_account != 0) {
        add_number(line, "cap_per_account", found->cap_per_account);
    }
    add_text(line, "seller", found->seller);
    add_number(line, "lane", found->lane);
    strbuf_add_char(line, '}');
}

static void product_text(struct strbuf *line, const struct ident *product,
                         const struct query_product *found) {
    char price[MONEY_TEXT_MAX];
    render_money(found->price, &found->currency, price);
    strbuf_printf(line, "%s: price %s, stock %lld, sold %lld", product->text, price,
                  (long long)found->stock, (long long)found->sold);
    if (strcmp(found->mode, "sale") != 0) {
        strbuf_printf(line, ", by %s", found->mode);
    }
    strbuf_printf(line, " (%s)", found->state);
}

void statement_product(struct render *render, const struct ident *product,
                       const struct query_product *found) {
    switch (render->form) {
    case RENDER_JSON: product_json(&render->line, product, found); break;
    case RENDER_PLAIN:
        strbuf_printf(&render->line, "%s\t%s\t%lld\t%lld\t%lld\t%s\t%s\t%s", product->text,
                      found->currency.text, (long long)found->price, (long long)found->stock,
                      (long long)found->sold, found->mode, found->state, found->seller);
        break;
    case RENDER_TEXT: product_text(&render->line, product, found); break;
    }
    render_line(render);
}

void statement_init(struct statement *statement, struct render *render, const struct ident *account,
                    const struct asset *currency) {
    static const struct {
        const char *name;
        int flags;
    } columns[] = {
        {"VERSION", SCOLS_FL_RIGHT}, {"AT", 0},      {"TYPE", 0}, {"AMOUNT", SCOLS_FL_RIGHT},
        {"BALANCE", SCOLS_FL_RIGHT}, {"AGAINST", 0}, {"ID", 0},   {"MEMO", SCOLS_FL_TRUNC}};
    *statement = (struct statement){.render = render, .account = account, .currency = currency};
    if (render->form != RENDER_TEXT) {
        return;
    }
    statement->table = scols_new_table();
    CHECK(statement->table != NULL);
    scols_table_set_stream(statement->table, render->out);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        CHECK(scols_table_new_column(statement->table, columns[i].name, 0, columns[i].flags) !=
              NULL);
    }
}

void statement_close(struct statement *statement) {
    if (statement->table != NULL) {
        if (!statement->render->quiet) {
            scols_print_table(statement->table);
        }
        scols_unref_table(statement->table);
    }
}

static void entry_json(struct strbuf *line, const struct statement *statement,
                       const struct query_entry *entry) {
    strbuf_add_text(line, "{\"v\":1");
    add_text(line, "account", statement->account->text);
    add_number(line, "version", entry->version);
    add_text(line, "id", entry->id);
    add_text(line, "type", entry->type);
    add_number(line, "amount", entry->amount);
    add_text(line, "currency", statement->currency->text);
    add_number(line, "balance", entry->balance);
    add_text(line, "counterparty", entry->counterparty);
    add_text(line, "memo", entry->memo);
    add_number(line, "lane", entry->lane);
    add_number(line, "offset", entry->offset);
    add_text(line, "at", entry->at);
    strbuf_add_char(line, '}');
}

static void add_row(struct statement *statement, const struct query_entry *entry) {
    char version[24];
    char amount[MONEY_TEXT_MAX];
    char balance[MONEY_TEXT_MAX];
    snprintf(version, sizeof version, "%lld", (long long)entry->version);
    render_money(entry->amount, statement->currency, amount);
    render_money(entry->balance, statement->currency, balance);
    const char *cells[] = {version, entry->at,           entry->type, amount,
                           balance, entry->counterparty, entry->id,   entry->memo};
    struct libscols_line *row = scols_table_new_line(statement->table, NULL);
    CHECK(row != NULL);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        CHECK(scols_line_set_data(row, i, cells[i]) == 0);
    }
}

void statement_add(void *context, const struct query_entry *entry) {
    struct statement *statement = context;
    struct strbuf *line = &statement->render->line;
    switch (statement->render->form) {
    case RENDER_TEXT: add_row(statement, entry); return;
    case RENDER_JSON: entry_json(line, statement, entry); break;
    case RENDER_PLAIN:
        strbuf_printf(line, "%lld\t%s\t%s\t%lld\t%lld\t%s\t%s\t%d\t%lld\t",
                      (long long)entry->version, entry->at, entry->type, (long long)entry->amount,
                      (long long)entry->balance, entry->counterparty, entry->id, (int)entry->lane,
                      (long long)entry->offset);
        /* The only free text: quoted, so that it stays one field of one line. */
        strbuf_add_json_string(line, entry->memo, strlen(entry->memo));
        break;
    }
    render_line(statement->render);
}
