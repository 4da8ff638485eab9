#include "tests/bench/peers/pgbench.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/harness/must.h"
#include "tests/harness/proc.h"
#include "tests/harness/process.h"

#define FOLDER "tests/bench/peers/"
#define FEW_COMMANDS "25"
#define THREADS_MAX 2
#define GRACE_MS 60000
#define PATH_ROOM 128
#define TEXT_ROOM 64
#define LOG_NAME "log." /* then the process id, and the thread's number */
#define ID_SHIFT 40     /* a point's ids are apart from another's */

struct words {
    char script[PATH_ROOM];
    char log_prefix[PATH_ROOM];
    char clients[TEXT_ROOM];
    char threads[TEXT_ROOM];
    char seconds[TEXT_ROOM];
    char base[TEXT_ROOM];
    char accounts[TEXT_ROOM];
};

static void append(FILE *to, const char *path) {
    char bytes[4096];
    FILE *from = fopen(path, "r");
    must(from != NULL, "cannot read %s", path);
    size_t len = fread(bytes, 1, sizeof bytes, from);
    must(len > 0 && len < sizeof bytes && fwrite(bytes, 1, len, to) == len, "cannot copy %s", path);
    (void)fclose(from);
}

/* pgbench knows no include. */
static void join_script(const char *path, const char *name) {
    char source[PATH_ROOM];
    (void)snprintf(source, sizeof source, FOLDER "%s", name);
    FILE *file = fopen(path, "w");
    must(file != NULL, "cannot write %s", path);
    append(file, FOLDER "draw.sql");
    append(file, source);
    must(fclose(file) == 0, "cannot write %s", path);
}

static void write_words(struct words *words, const struct site *site, const struct point *point) {
    int threads = point->clients < THREADS_MAX ? point->clients : THREADS_MAX;
    (void)snprintf(words->script, PATH_ROOM, "%s/script.sql", site->scratch);
    (void)snprintf(words->log_prefix, PATH_ROOM, "--log-prefix=%s/log", site->scratch);
    (void)snprintf(words->clients, TEXT_ROOM, "%d", point->clients);
    (void)snprintf(words->threads, TEXT_ROOM, "%d", threads);
    (void)snprintf(words->seconds, TEXT_ROOM, "%" PRId64, point->run_ms / 1000);
    (void)snprintf(words->base, TEXT_ROOM, "base=%" PRId64, point->number << ID_SHIFT);
    (void)snprintf(words->accounts, TEXT_ROOM, "accounts=%" PRId64,
                   point->variant == VARIANT_HOT ? 1 : point->accounts);
}

static double number_behind(const char *text, const char *label) {
    const char *at = strstr(text, label);
    must(at != NULL, "pgbench does not say \"%s\":\n%s", label, text);
    return strtod(at + strlen(label), NULL);
}

/* A line: client, number of its transaction, microseconds, script, when. */
static void read_log(const char *path, struct latencies *latencies) {
    char line[256];
    FILE *file = fopen(path, "r");
    must(file != NULL, "cannot read %s", path);
    while (fgets(line, sizeof line, file) != NULL) {
        char *at = strchr(line, ' ');
        at = at != NULL ? strchr(at + 1, ' ') : NULL;
        must(at != NULL, "%s: %s", path, line);
        latencies_add(latencies, (uint32_t)strtoul(at + 1, NULL, 10));
    }
    (void)fclose(file);
}

static void take_logs(const struct site *site, struct latencies *latencies) {
    DIR *directory = opendir(site->scratch);
    must(directory != NULL, "cannot read %s", site->scratch);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char path[PATH_ROOM + sizeof entry->d_name];
        if (strncmp(entry->d_name, LOG_NAME, strlen(LOG_NAME)) == 0) {
            (void)snprintf(path, sizeof path, "%s/%s", site->scratch, entry->d_name);
            read_log(path, latencies);
            (void)unlink(path);
        }
    }
    (void)closedir(directory);
}

static void play(struct site *site, const struct point *point, const char *script,
                 struct yield *yield) {
    struct words words;
    struct captured captured;
    bool is_timed = point->run_ms != POINT_BOUNDLESS;
    write_words(&words, site, point);
    join_script(words.script, script);
    const char *const argv[] = {"pgbench",
                                "--no-vacuum",
                                "--protocol=prepared",
                                "--random-seed=1",
                                "--log",
                                words.log_prefix,
                                "--file",
                                words.script,
                                "--client",
                                words.clients,
                                "--jobs",
                                words.threads,
                                is_timed ? "--time" : "--transactions",
                                is_timed ? words.seconds : FEW_COMMANDS,
                                "--define=n=0",
                                "--define",
                                words.base,
                                "--define",
                                words.accounts,
                                "--define",
                                point->variant == VARIANT_HOT ? "short=1" : "short=0",
                                site->ledger.admin,
                                NULL};
    int64_t cpu_us = proc_children_cpu_us();
    captured_run(&captured, &(struct process_plan){.argv = argv}, NULL, point->run_ms + GRACE_MS);
    must(captured.status == 0, "pgbench ended with %d: %s", captured.status, captured.err);
    yield->commands =
        (int64_t)number_behind(captured.out, "number of transactions actually processed: ");
    yield->applied = -1;
    yield->client_us = proc_children_cpu_us() - cpu_us;
    yield->per_s = number_behind(captured.out, "tps = ");
    take_logs(site, &yield->latencies);
    must((int64_t)yield->latencies.count == yield->commands, "pgbench logged %zu of %" PRId64,
         yield->latencies.count, yield->commands);
    captured_close(&captured);
    (void)unlink(words.script);
}

void pgbench_for_update(struct site *site, const struct point *point, struct yield *yield) {
    play(site, point, "for_update.sql", yield);
}

void pgbench_atomic(struct site *site, const struct point *point, struct yield *yield) {
    play(site, point, "atomic.sql", yield);
}

void pgbench_cte(struct site *site, const struct point *point, struct yield *yield) {
    play(site, point, "cte.sql", yield);
}
