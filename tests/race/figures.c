#include "tests/race/figures.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/must.h"

static json_t *damage_json(const struct bout_damage *damage) {
    return json_pack("{s:I, s:I, s:I, s:I}", "lost", (json_int_t)damage->lost, "created",
                     (json_int_t)damage->created, "oversold", (json_int_t)damage->oversold,
                     "stock_drift", (json_int_t)damage->drift);
}

static json_t *answers_json(const struct bout_answers *answers) {
    return json_pack("{s:I, s:I, s:I, s:I}", "done", (json_int_t)answers->done, "refused",
                     (json_int_t)answers->refused, "errors", (json_int_t)answers->errors, "retries",
                     (json_int_t)answers->retries);
}

static json_t *times_json(const struct bout_result *result) {
    return json_pack("{s:f, s:f, s:f, s:f, s:I, s:I}", "seconds", result->seconds, "per_second",
                     result->rate, "per_second_low", result->rate_low, "per_second_high",
                     result->rate_high, "p50_us", (json_int_t)result->p50_us, "p99_us",
                     (json_int_t)result->p99_us);
}

static json_t *result_json(const struct bout_result *result) {
    json_t *json = json_pack("{s:s, s:s, s:i, s:b}", "scenario", result->scenario->name,
                             "technique", result->technique->name, "clients", result->clients,
                             "run", result->state == BOUT_RUN);
    if (result->state == BOUT_RUN) {
        json_t *more = json_pack(
            "{s:b, s:I, s:I, s:o, s:o, s:o, s:I, s:f, s:I}", "exact", (int)bout_is_exact(result),
            "expected", (json_int_t)result->expected, "final", (json_int_t)result->final, "damage",
            damage_json(&result->damage), "answers", answers_json(&result->answers), "times",
            times_json(result), "deadlocks", (json_int_t)result->deadlocks, "waiting_average",
            result->waits.average, "waiting_most", (json_int_t)result->waits.most);
        must(more != NULL && json_object_update(json, more) == 0, "out of memory");
        json_decref(more);
    }
    return json;
}

static json_t *server_json(struct ground *ground) {
    json_t *server = json_object();
    static const char *const settings[] = {"server_version", "fsync", "synchronous_commit",
                                           "full_page_writes"};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        char sql[64];
        char value[64];
        (void)snprintf(sql, sizeof sql, "SHOW %s", settings[i]);
        db_text(ground->db, sql, value, sizeof value);
        must(json_object_set_new(server, settings[i], json_string(value)) == 0, "out of memory");
    }
    return server;
}

void figures_write(const struct lineup *lineup, struct ground *ground, const char *directory) {
    char path[512];
    (void)snprintf(path, sizeof path, "%s/results.json", directory);
    json_t *results = json_array();
    for (int i = 0; i < lineup->count; i++) {
        must(json_array_append_new(results, result_json(&lineup->results[i])) == 0,
             "out of memory");
    }
    json_t *all =
        json_pack("{s:i, s:i, s:I, s:o, s:o}", "v", 1, "runs", lineup->runs, "load_ms",
                  (json_int_t)lineup->run_ms, "server", server_json(ground), "results", results);
    must(all != NULL && json_dump_file(all, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0,
         "cannot write %s", path);
    json_decref(all);
}
