/* tellerd quarantine: what could not be understood, and why. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/money.h"
#include "consumer/adapters/pg_audit.h"
#include "consumer/adapters/pg_schema.h"
#include "consumer/verbs/quarantine_text.h"
#include "consumer/verbs/table.h"
#include "consumer/verbs/verb.h"
#include "consumer/verbs/verbs.h"

static const char *const options[] = {"lane", "limit", "json", "db", "config", NULL};

static const struct verb verb = {
    .name = "quarantine",
    .usage = "list | show LANE OFFSET [OPTION]...",
    .about =
        "Lists the records that were not applied since they could not be understood, or shows\n"
        "one with its first 4 KiB of key and value.\n",
    .options = options,
    .operands_min = 1,
    .operands_max = 3,
};

static const struct table_column columns[] = {
    {"LANE", "lane", true},      {"OFFSET", "offset", true},  {"AT", "at", false},
    {"REASON", "reason", false}, {"DETAIL", "detail", false}, {"ID", "id", false},
    {"BYTES", "bytes", true},
};

#define COLUMNS ((int)(sizeof columns / sizeof *columns))

static bool list(const struct verb_settings *settings, struct pg_conn *conn, struct err *err) {
    struct table table;
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_rows *rows =
        pg_audit_quarantine_list(conn, (int)settings->lane, settings->limit, &failure);
    if (rows == NULL) {
        *err = failure.err;
        return false;
    }
    table_init(&table, columns, COLUMNS, settings->json);
    for (int row = 0; row < pg_rows_count(rows); row++) {
        const char *cells[COLUMNS];
        for (int column = 0; column < COLUMNS; column++) {
            cells[column] = pg_rows_text(rows, row, column);
        }
        table_add(&table, cells);
    }
    table_print(&table, "quarantine");
    table_close(&table);
    pg_rows_free(rows);
    return true;
}

static bool read_number(const char *text, int64_t high, int64_t *out, struct err *err) {
    return (money_parse(text, strlen(text), out) && *out >= 0 && *out <= high) ||
           err_set(err, ERR_USAGE, "%s: not a number of 0 .. %" PRId64, text, high);
}

static bool show(const struct verb_settings *settings, struct pg_conn *conn,
                 const char *const *operands, struct err *err) {
    int64_t lane;
    int64_t offset;
    struct audit_quarantine_row row;
    const char *unreadable = NULL;
    struct pg_failure failure = PG_FAILURE_INIT;
    if (!read_number(operands[0], UINT16_MAX, &lane, err) ||
        !read_number(operands[1], INT64_MAX, &offset, err)) {
        return false;
    }
    struct pg_rows *rows = pg_audit_quarantine(conn, (uint16_t)lane, offset, offset, &failure);
    if (rows == NULL) {
        *err = failure.err;
        return false;
    }
    const bool there = pg_rows_count(rows) == 1;
    bool fine = there && pg_audit_quarantine_row(rows, 0, &row, &unreadable);
    if (fine) {
        quarantine_print(&row.row, (uint16_t)lane, settings->json);
    } else if (there) {
        (void)err_set(err, ERR_OPERATOR, "the row's %s is none of ours: run tellerd verify",
                      unreadable);
    } else {
        (void)err_set(err, ERR_DATA,
                      "nothing of lane %" PRId64 " is quarantined at offset %" PRId64, lane,
                      offset);
    }
    pg_rows_free(rows);
    return fine;
}

static bool act(const struct verb_settings *settings, int operands_count,
                const char *const *operands, struct err *err) {
    const bool shows = strcmp(operands[0], "show") == 0 && operands_count == 3;
    const bool lists = strcmp(operands[0], "list") == 0 && operands_count == 1;
    if (!shows && !lists) {
        return err_set(err, ERR_USAGE, "usage: tellerd %s %s", verb.name, verb.usage);
    }
    struct pg_conn *conn = verb_reader(settings, err);
    const bool fine = conn != NULL &&
                      (shows ? show(settings, conn, operands + 1, err) : list(settings, conn, err));
    pg_conn_close(conn);
    return fine;
}

int verb_quarantine(int argc, char **argv) {
    int code = 0;
    int first = argc;
    struct verb_settings settings;
    struct err err = ERR_INIT;
    if (!verb_start(&verb, argc, argv, &settings, &first, &code)) {
        return code;
    }
    const bool fine = act(&settings, argc - first, (const char *const *)&argv[first], &err);
    return fine ? 0 : verb_fail(&verb, &err);
}
