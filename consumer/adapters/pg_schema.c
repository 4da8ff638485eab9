#include "consumer/adapters/pg_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "consumer/adapters/pg_lane.h"
#include "consumer/adapters/pg_sql_admin.h"
#include "gen/schema_sql.h"

#define NUMBER_ROOM 24

static int32_t version_of(const struct schema_file *file) {
    return (int32_t)strtol(file->name, NULL, 10);
}

/* A refusal of ours: a person must decide. */
static enum pg_answer refuse(struct pg_failure *failure, const char *text) {
    failure->answer = PG_REFUSED;
    failure->sqlstate[0] = '\0';
    (void)err_set(&failure->err, ERR_OPERATOR, "%s", text);
    return PG_REFUSED;
}

static enum pg_answer execute(struct pg_conn *conn, const char *sql, const char *const *params,
                              int count, struct pg_failure *failure) {
    struct pg_rows *rows = pg_conn_query(conn, sql, params, count, failure);
    pg_rows_free(rows);
    return rows != NULL ? PG_DONE : failure->answer;
}

/* The one value of one row, as text; "" for NULL or no row. */
static enum pg_answer ask(struct pg_conn *conn, const char *sql, char *out, size_t room,
                          struct pg_failure *failure) {
    struct pg_rows *rows = pg_conn_query(conn, sql, NULL, 0, failure);
    if (rows == NULL) {
        return failure->answer;
    }
    (void)snprintf(out, room, "%s", pg_rows_count(rows) > 0 ? pg_rows_text(rows, 0, 0) : "");
    pg_rows_free(rows);
    return PG_DONE;
}

static enum pg_answer has_ledger(struct pg_conn *conn, bool *found, struct pg_failure *failure) {
    char answer[NUMBER_ROOM];
    if (ask(conn, SQL_SCHEMA_EXISTS, answer, sizeof answer, failure) != PG_DONE) {
        return failure->answer;
    }
    *found = strcmp(answer, "t") == 0;
    return PG_DONE;
}

/* Applies every file above `version`, in the transaction that is open. */
static enum pg_answer apply_files(struct pg_conn *conn, int32_t version,
                                  struct pg_failure *failure) {
    char number[NUMBER_ROOM];
    CHECK(schema_files_count > 0);
    CHECK(version_of(&schema_files[schema_files_count - 1]) == SCHEMA_VERSION);
    for (size_t i = 0; i < schema_files_count; i++) {
        const struct schema_file *file = &schema_files[i];
        const char *const params[] = {number, file->name};
        (void)snprintf(number, sizeof number, "%d", (int)version_of(file));
        if (version_of(file) <= version) {
            continue;
        }
        if (pg_conn_script(conn, file->text, failure) != PG_DONE ||
            execute(conn, SQL_SCHEMA_APPLIED, params, 2, failure) != PG_DONE) {
            (void)err_context(&failure->err, "%s", file->name);
            return failure->answer;
        }
    }
    return PG_DONE;
}

static enum pg_answer check_empty(struct pg_conn *conn, struct pg_failure *failure) {
    char encoding[NUMBER_ROOM];
    bool found = false;
    if (ask(conn, SQL_SCHEMA_ENCODING, encoding, sizeof encoding, failure) != PG_DONE ||
        has_ledger(conn, &found, failure) != PG_DONE) {
        return failure->answer;
    }
    if (strcmp(encoding, "UTF8") != 0) {
        return refuse(failure, "the database is not UTF8: create one with ENCODING 'UTF8'");
    }
    if (found) {
        return refuse(failure, "the database has a ledger already");
    }
    return PG_DONE;
}

static enum pg_answer create_lanes(struct pg_conn *conn, int32_t lanes, const int64_t *from_offsets,
                                   struct pg_failure *failure) {
    char lane[NUMBER_ROOM];
    char offset[NUMBER_ROOM];
    const char *const params[] = {lane, offset};
    for (int32_t i = 0; i < lanes; i++) {
        long long from = from_offsets != NULL ? (long long)from_offsets[i] : 0;
        (void)snprintf(lane, sizeof lane, "%d", (int)i);
        (void)snprintf(offset, sizeof offset, "%lld", from);
        if (execute(conn, SQL_SCHEMA_LANE, params, 2, failure) != PG_DONE) {
            return failure->answer;
        }
    }
    return PG_DONE;
}

static enum pg_answer add_registration(struct pg_conn *conn, const struct pg_registration *mine,
                                       struct pg_failure *failure) {
    char partitions[NUMBER_ROOM];
    const char *const params[] = {mine->cluster_id, mine->prefix, mine->commands_topic,
                                  mine->group_id, partitions};
    (void)snprintf(partitions, sizeof partitions, "%d", (int)mine->partitions);
    return execute(conn, SQL_SCHEMA_REGISTER, params, 5, failure);
}

/* Commits what went well, rolls back what did not. */
static enum pg_answer end(struct pg_conn *conn, enum pg_answer answer, struct pg_failure *failure) {
    struct pg_failure ignored = PG_FAILURE_INIT;
    if (answer == PG_DONE) {
        return pg_conn_script(conn, "COMMIT", failure);
    }
    if (pg_conn_usable(conn)) {
        (void)pg_conn_script(conn, "ROLLBACK", &ignored);
    }
    return answer;
}

enum pg_answer pg_schema_init(struct pg_conn *conn, const struct pg_registration *registration,
                              const int64_t *from_offsets, const struct leg_secret *secret,
                              struct pg_failure *failure) {
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    if (registration->partitions < 1 || registration->partitions > PG_LANES_MAX) {
        return refuse(failure, "a ledger has 1 to 1024 lanes");
    }
    if (check_empty(conn, failure) != PG_DONE ||
        pg_conn_script(conn, "BEGIN", failure) != PG_DONE) {
        return failure->answer;
    }
    enum pg_answer answer = apply_files(conn, 0, failure);
    if (answer == PG_DONE) {
        answer = create_lanes(conn, registration->partitions, from_offsets, failure);
    }
    if (answer == PG_DONE) {
        answer = add_registration(conn, registration, failure);
    }
    if (answer == PG_DONE) {
        answer = pg_schema_add_secret(conn, secret, failure);
    }
    return end(conn, answer, failure);
}

static enum pg_answer read_version(struct pg_conn *conn, int32_t *version,
                                   struct pg_failure *failure) {
    char text[NUMBER_ROOM];
    bool found = false;
    if (has_ledger(conn, &found, failure) != PG_DONE) {
        return failure->answer;
    }
    if (!found) {
        return refuse(failure, "the database has no ledger: run \"tellerd init\"");
    }
    if (ask(conn, SQL_SCHEMA_VERSION, text, sizeof text, failure) != PG_DONE) {
        return failure->answer;
    }
    *version = (int32_t)strtol(text, NULL, 10);
    return PG_DONE;
}

static enum pg_answer refuse_version(int32_t version, struct pg_failure *failure) {
    char text[160];
    (void)snprintf(text, sizeof text, "the schema has version %d, this program needs %d: %s",
                   (int)version, SCHEMA_VERSION,
                   version < SCHEMA_VERSION ? "run \"tellerd migrate\"" : "use a newer program");
    return refuse(failure, text);
}

enum pg_answer pg_schema_migrate(struct pg_conn *conn, int32_t *from, struct pg_failure *failure) {
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    if (read_version(conn, from, failure) != PG_DONE) {
        return failure->answer;
    }
    if (*from > SCHEMA_VERSION) {
        return refuse_version(*from, failure);
    }
    if (*from == SCHEMA_VERSION) {
        return PG_DONE;
    }
    if (pg_conn_script(conn, "BEGIN; SET LOCAL ROLE teller_owner", failure) != PG_DONE) {
        return end(conn, failure->answer, failure);
    }
    return end(conn, apply_files(conn, *from, failure), failure);
}

static void copy_text(char out[PG_TEXT_MAX], const struct pg_rows *rows, int column) {
    (void)snprintf(out, PG_TEXT_MAX, "%s", pg_rows_text(rows, 0, column));
}

enum pg_answer pg_schema_read(struct pg_conn *conn, struct pg_registration *out,
                              struct pg_failure *failure) {
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    memset(out, 0, sizeof *out);
    if (read_version(conn, &out->schema_version, failure) != PG_DONE) {
        return failure->answer;
    }
    if (out->schema_version != SCHEMA_VERSION) {
        return refuse_version(out->schema_version, failure);
    }
    struct pg_rows *rows = pg_conn_query(conn, SQL_SCHEMA_REGISTRATION, NULL, 0, failure);
    if (rows == NULL) {
        return failure->answer;
    }
    if (pg_rows_count(rows) == 1) {
        copy_text(out->cluster_id, rows, 0);
        copy_text(out->prefix, rows, 1);
        copy_text(out->commands_topic, rows, 2);
        copy_text(out->group_id, rows, 3);
        out->partitions = (int32_t)pg_rows_int(rows, 0, 4);
    } else {
        (void)refuse(failure, "the ledger is not registered: run \"tellerd init\"");
    }
    pg_rows_free(rows);
    return failure->answer;
}
