#include "tests/bench/peers/django_service.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/bench/peers/troop.h"
#include "tests/harness/must.h"
#include "tests/harness/pack.h"
#include "tests/harness/process.h"

#define END_TIMEOUT_MS 20000
#define PATH_ROOM 64

static void write_plan(const char *path, const struct site *site, const struct point *point,
                       const struct pack *pack) {
    FILE *file = fopen(path, "w");
    must(file != NULL, "cannot write %s", path);
    fprintf(file,
            "{\"database\":{\"NAME\":\"%s\",\"HOST\":\"%s\",\"PORT\":\"%s\",\"USER\":\"%s\"},"
            "\"accounts\":%" PRId64 ",\"short\":%d,\"run_ms\":%" PRId64 ",\"clients\":[",
            PQdb(site->db), PQhost(site->db), PQport(site->db), PQuser(site->db),
            point->variant == VARIANT_HOT ? 1 : point->accounts, point->variant == VARIANT_HOT,
            point->run_ms);
    for (int i = 0; i < pack->count; i++) {
        fprintf(file, "%s{\"socket\":%d,\"seed\":%" PRId64 "}", i == 0 ? "" : ",",
                pack->client_sockets[i], point->number * PACK_CLIENTS_MAX + i);
    }
    must(fputs("]}", file) >= 0 && fclose(file) == 0, "cannot write %s", path);
}

/* One Python forks all clients, so that Django is loaded once. */
void django_service(struct site *site, const struct point *point, struct yield *yield) {
    char path[PATH_ROOM];
    struct pack pack;
    struct process python;
    (void)snprintf(path, sizeof path, "%s/plan.json", site->scratch);
    pack_open(&pack, point->clients, 1);
    write_plan(path, site, point, &pack);
    const char *const argv[] = {site->python, "tests/bench/peers/django_client.py", NULL};
    process_start(&python, &(struct process_plan){.argv = argv, .in = path});
    pack_hand_over(&pack);
    pack_drive(&pack, troop_watch, NULL);
    must(process_wait(&python, END_TIMEOUT_MS), "Django does not end");
    must(python.status == 0, "Django ended with %d", python.status);
    troop_add_up(&pack, yield);
    pack_close(&pack);
    (void)unlink(path);
}
