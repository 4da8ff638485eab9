#include "tests/race/django.h"

#include <stdio.h>
#include <unistd.h>

#include "common/strbuf.h"
#include "tests/harness/must.h"

#define END_TIMEOUT_MS 20000
#define PATH_SIZE 64

static void plan_path(const struct ground *ground, char path[PATH_SIZE]) {
    (void)snprintf(path, PATH_SIZE, "%s/plan.json", ground->scratch);
}

static void add_op(struct strbuf *json, const struct op *op) {
    strbuf_printf(json, "{\"join\":%s,\"who\":%d,\"moves\":[",
                  op->kind == OP_JOIN ? "true" : "false", op->who);
    for (int i = 0; i < op->moves_count; i++) {
        strbuf_printf(json, "%s[%d,%lld]", i == 0 ? "" : ",", op->moves[i].row,
                      (long long)op->moves[i].delta);
    }
    strbuf_add_text(json, "]}");
}

static void add_client(struct strbuf *json, int socket, const struct script *script) {
    strbuf_printf(json, "{\"socket\":%d,\"script\":[", socket);
    for (int i = 0; i < script->count; i++) {
        strbuf_add_text(json, i == 0 ? "" : ",");
        add_op(json, &script->ops[i]);
    }
    strbuf_add_text(json, "]}");
}

static void add_plan(struct strbuf *json, const PGconn *db, const struct bout_plan *plan) {
    strbuf_printf(json,
                  "{\"technique\":\"%s\",\"think_ms\":%d,\"rounds\":%d,\"per_round\":%d,"
                  "\"run_ms\":%lld,\"database\":{\"NAME\":\"%s\",\"HOST\":\"%s\","
                  "\"PORT\":\"%s\",\"USER\":\"%s\"},\"clients\":[",
                  plan->technique->name, plan->scenario->think_ms, plan->scale.rounds,
                  plan->scale.per_round, (long long)plan->scale.run_ms, PQdb(db), PQhost(db),
                  PQport(db), PQuser(db));
}

static void write_plan(const struct ground *ground, const struct strbuf *json) {
    char path[PATH_SIZE];
    plan_path(ground, path);
    FILE *file = fopen(path, "w");
    must(!json->failed && file != NULL, "cannot write %s", path);
    must(fwrite(json->text, 1, json->len, file) == json->len && fclose(file) == 0,
         "cannot write %s", path);
}

void django_start(struct process *python, struct ground *ground, const struct bout_plan *plan,
                  const struct pack *pack, const struct script *scripts) {
    struct strbuf json = STRBUF_INIT;
    add_plan(&json, ground->db, plan);
    for (int i = 0; i < pack->count; i++) {
        strbuf_add_text(&json, i == 0 ? "" : ",");
        add_client(&json, pack->client_sockets[i], &scripts[i]);
    }
    strbuf_add_text(&json, "]}");
    write_plan(ground, &json);
    strbuf_close(&json);
    char path[PATH_SIZE];
    plan_path(ground, path);
    const char *const argv[] = {ground->python, "tests/race/django_clients.py", NULL};
    process_start(python, &(struct process_plan){.argv = argv, .in = path});
}

void django_end(struct process *python, struct ground *ground) {
    must(process_wait(python, END_TIMEOUT_MS), "Django does not end");
    must(python->status == 0, "Django ended with %d", python->status);
    char path[PATH_SIZE];
    plan_path(ground, path);
    (void)unlink(path);
}
