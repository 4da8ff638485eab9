#include "tests/race/ground.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/strbuf.h"
#include "tests/harness/db.h"
#include "tests/harness/django_python.h"
#include "tests/harness/must.h"

#define STAGE_NAME "race"

/* Outside any transaction, on another database: what an earlier lab left goes first. */
static void replace_database(const struct ground *ground, bool make_again) {
    struct sandbox sandbox;
    char sql[96];
    sandbox_shared(&sandbox);
    PGconn *admin = db_open(sandbox.db_admin);
    db_exec(admin, "SET client_min_messages = error");
    (void)snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)",
                   ground->has.database);
    db_exec(admin, sql);
    if (make_again) {
        (void)snprintf(sql, sizeof sql, "CREATE DATABASE %s", ground->has.database);
        db_exec(admin, sql);
    }
    PQfinish(admin);
}

static void make_database(struct ground *ground) {
    struct sandbox sandbox;
    sandbox_shared(&sandbox);
    replace_database(ground, true);
    (void)snprintf(ground->conninfo, sizeof ground->conninfo, "%s dbname=%s", sandbox.db_admin,
                   ground->has.database);
    ground->db = db_open(ground->conninfo);
    db_exec(ground->db, "CREATE TABLE row (id bigint PRIMARY KEY, value bigint NOT NULL, "
                        "version bigint NOT NULL DEFAULT 0) WITH (fillfactor = 50)");
    db_exec(ground->db, "CREATE TABLE member (id bigserial PRIMARY KEY, club bigint NOT NULL, "
                        "who bigint NOT NULL)");
    db_exec(ground->db, "CREATE INDEX ON member (club)");
}

/* A socket's path must be short: not in the sandbox, whose path may be long. */
static void make_scratch(struct ground *ground) {
    (void)snprintf(ground->scratch, sizeof ground->scratch, "/tmp/teller-race-XXXXXX");
    must(mkdtemp(ground->scratch) != NULL, "no directory in /tmp");
}

void ground_open(struct ground *ground, const struct ground_wants *wants) {
    *ground = (struct ground){.has = *wants};
    make_scratch(ground);
    make_database(ground);
    if (wants->redis) {
        redis_server_start(&ground->redis, ground->scratch);
    }
    if (wants->django) {
        django_python(ground->python);
    }
    if (wants->teller) {
        stage_open(&ground->stage, STAGE_NAME, 1);
    }
}

void ground_close(struct ground *ground) {
    if (ground->has.teller) {
        stage_close(&ground->stage);
    }
    if (ground->has.redis) {
        redis_server_stop(&ground->redis);
    }
    PQfinish(ground->db);
    replace_database(ground, false);
    (void)rmdir(ground->scratch);
}

void ground_plan_rows(struct ground_rows *rows, const struct scenario *scenario,
                      const struct scale *scale) {
    struct row round[SCENARIO_ROWS_MAX];
    rows->per_round = scenario->rows(scale->clients, round);
    rows->count = rows->per_round * scale->rounds;
    must(rows->count <= SCENARIO_ROWS_MAX, "%s has too many rows", scenario->name);
    for (int i = 0; i < rows->count; i++) {
        rows->rows[i] = round[i % rows->per_round];
        rows->final[i] = 0;
    }
}

void ground_fill(struct ground *ground, const struct ground_rows *rows) {
    struct strbuf sql = STRBUF_INIT;
    strbuf_add_text(&sql, "TRUNCATE row, member; INSERT INTO row (id, value) VALUES ");
    for (int i = 0; i < rows->count; i++) {
        strbuf_printf(&sql, "%s(%d, %lld)", i == 0 ? "" : ", ", i, (long long)rows->rows[i].start);
    }
    must(!sql.failed, "out of memory");
    db_exec(ground->db, sql.text);
    db_exec(ground->db, "VACUUM ANALYZE row, member");
    strbuf_close(&sql);
}

static int64_t places_left(struct ground *ground, int club, int64_t cap) {
    char sql[80];
    (void)snprintf(sql, sizeof sql, "SELECT %lld - count(*) FROM member WHERE club = %d",
                   (long long)cap, club);
    return db_int(ground->db, sql, INT64_MIN);
}

void ground_read(struct ground *ground, struct ground_rows *rows) {
    PGresult *result = db_query(ground->db, "SELECT value FROM row ORDER BY id");
    must(PQntuples(result) == rows->count, "rows have gone");
    for (int i = 0; i < rows->count; i++) {
        rows->final[i] = rows->rows[i].role == ROW_CLUB
                             ? places_left(ground, i, rows->rows[i].start)
                             : strtoll(PQgetvalue(result, i, 0), NULL, 10);
    }
    PQclear(result);
}
