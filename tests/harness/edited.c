#include "tests/harness/edited.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/db.h"

static void drop_copy(const struct ledger *ledger, PGconn *server) {
    char sql[256];
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s_edited WITH (FORCE)", ledger->name);
    db_exec(server, sql);
}

static void edit_copy(const struct ledger *ledger, PGconn *server, const char *conninfo,
                      const struct edit *edit) {
    char sql[256];
    drop_copy(ledger, server);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s_edited TEMPLATE %s", ledger->name, ledger->name);
    db_exec(server, sql);
    PGconn *copy = db_open(conninfo);
    db_exec(copy, edit->sql);
    PQfinish(copy);
}

static void expect_found(const struct ledger *ledger, PGconn *server, const char *verb,
                         const struct edit *edit) {
    char conninfo[LEDGER_TEXT_MAX + LEDGER_NAME_MAX + 32];
    struct captured captured;
    snprintf(conninfo, sizeof conninfo, "%s dbname=%s_edited", ledger->admin, ledger->name);
    edit_copy(ledger, server, conninfo, edit);
    ledger_tellerd(ledger, &captured, (const char *const[]){verb, "--db", conninfo, NULL});
    cr_expect_eq(captured.status, 1, "%s: exit %d: %s%s", edit->what, captured.status, captured.out,
                 captured.err);
    cr_expect_not_null(strstr(captured.out, edit->named), "%s: wanted \"%s\" in: %s", edit->what,
                       edit->named, captured.out);
    captured_close(&captured);
}

void edited_expect_found(struct ledger *ledger, const char *verb, const struct edit *edits,
                         size_t count) {
    PGconn *server = db_open(ledger->sandbox.db_admin);
    db_exec(server, "SET client_min_messages = error");
    PQfinish(ledger->db); /* nobody may be connected to what is copied */
    for (size_t i = 0; i < count; i++) {
        expect_found(ledger, server, verb, &edits[i]);
    }
    drop_copy(ledger, server);
    PQfinish(server);
    ledger->db = db_open(ledger->admin);
}
