#include <string.h>

#include "common/check.h"

#include "producer/query.h"
#include "producer/statement.h"
#include "producer/verbs.h"

#define EXIT_NO_SUCH 1

struct reading {
    struct cli *cli;
    struct render render;
    struct query *query;
    struct ident account;
    struct query_account found;
    int code;
};

static bool open_reading(struct reading *reading, struct cli *cli, struct err *err) {
    *reading = (struct reading){.cli = cli};
    cli_render(cli, &reading->render);
    reading->query = query_open(cli->settings.db, err);
    return reading->query != NULL;
}

static void close_reading(struct reading *reading) {
    query_close(reading->query);
    render_close(&reading->render);
}

static bool read_name(const char *field, const char *text, struct ident *name, struct err *err) {
    return ident_parse(text, strlen(text), name) ||
           err_set(err, ERR_DATA,
                   "%s: must be 1 .. 64 of A-Z a-z 0-9 . _ : -, the first one a "
                   "letter or digit",
                   field);
}

/* Finds the account, or says why not. */
static bool find_account(struct reading *reading, struct err *err) {
    switch (query_account(reading->query, &reading->account, &reading->found, err)) {
    case QUERY_FOUND: return true;
    case QUERY_FAILED: reading->code = cli_fail(err); return false;
    case QUERY_NONE:
        fprintf(stderr, "teller: no account %s; to open it: teller open %s --currency ASSET\n",
                reading->account.text, reading->account.text);
        reading->code = EXIT_NO_SUCH;
        return false;
    }
    CHECK(!"query answer");
}

static void list_history(struct reading *reading, struct err *err) {
    struct statement statement;
    statement_init(&statement, &reading->render, &reading->account, &reading->found.currency);
    if (!query_history(reading->query, &reading->account, reading->cli->settings.limit,
                       statement_add, &statement, err)) {
        reading->code = cli_fail(err);
    }
    statement_close(&statement);
}

static int read_account(struct cli *cli, bool history) {
    struct err err = ERR_INIT;
    struct ident account;
    if (!read_name("account", cli->operands[0], &account, &err)) {
        return cli_fail(&err);
    }
    struct reading reading;
    if (!open_reading(&reading, cli, &err)) {
        reading.code = cli_fail(&err);
    } else {
        reading.account = account;
        if (find_account(&reading, &err) && history) {
            list_history(&reading, &err);
        } else if (reading.code == 0) {
            statement_account(&reading.render, &reading.account, &reading.found);
        }
    }
    close_reading(&reading);
    return reading.code;
}

int verb_balance(struct cli *cli) {
    return read_account(cli, false);
}

int verb_history(struct cli *cli) {
    return read_account(cli, true);
}

static void show_product(struct reading *reading, const struct ident *product, struct err *err) {
    struct query_product found;
    switch (query_product(reading->query, product, &found, err)) {
    case QUERY_FOUND: statement_product(&reading->render, product, &found); return;
    case QUERY_FAILED: reading->code = cli_fail(err); return;
    case QUERY_NONE:
        fprintf(stderr,
                "teller: no product %s; to make it: teller product create %s --price AMOUNT "
                "--stock N --currency ASSET\n",
                product->text, product->text);
        reading->code = EXIT_NO_SUCH;
        return;
    }
    CHECK(!"query answer");
}

int verb_product(struct cli *cli) {
    struct err err = ERR_INIT;
    struct ident product;
    if (!read_name("product", cli->operands[0], &product, &err)) {
        return cli_fail(&err);
    }
    struct reading reading;
    if (!open_reading(&reading, cli, &err)) {
        reading.code = cli_fail(&err);
    } else {
        show_product(&reading, &product, &err);
    }
    close_reading(&reading);
    return reading.code;
}

static void show_outcome(void *context, const struct report *report) {
    struct reading *reading = context;
    struct render_extra extra = {.retry = NULL};
    int code = report_exit_code(report);
    reading->code = code > reading->code ? code : reading->code;
    render_report(&reading->render, report, &extra);
}

/* No row: it may still be on its way, so it is the unknown case and not a failure. */
static int show_unknown(struct reading *reading, const struct uuid *id) {
    struct report report = {.state = REPORT_UNKNOWN,
                            .has_id = true,
                            .id = *id,
                            .lane = -1,
                            .offset = -1,
                            .detail = "no worker has answered it yet, or it was never sent"};
    show_outcome(reading, &report);
    return reading->code;
}

int verb_outcome(struct cli *cli) {
    struct err err = ERR_INIT;
    struct uuid id;
    if (!uuid_parse(cli->operands[0], strlen(cli->operands[0]), &id)) {
        err_set(&err, ERR_DATA, "id: must be a UUID, as teller printed it");
        return cli_fail(&err);
    }
    struct reading reading;
    int found = 0;
    if (!open_reading(&reading, cli, &err) ||
        !query_outcomes(reading.query, &id, show_outcome, &reading, &found, &err)) {
        reading.code = cli_fail(&err);
    } else if (found == 0) {
        reading.code = show_unknown(&reading, &id);
    }
    close_reading(&reading);
    return reading.code;
}
