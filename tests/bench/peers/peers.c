/* What Teller is compared with, each at its best number of clients, on the same server, with the
 * same durability, for the same rows. README.md tells what was chosen for whom, and why.
 *   usage: bench-peers --out FILE [--runs N] [--length smoke|short|full] [--only NAME,...]
 * Appends a line of JSON to FILE for each run. Ends with 1 where books were wrong. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peers/measure.h"
#include "tests/bench/peers/roster.h"
#include "tests/harness/must.h"

static const struct option long_options[] = {
    {"out", required_argument, NULL, 'o'},
    {"runs", required_argument, NULL, 'r'},
    {"length", required_argument, NULL, 'l'},
    {"only", required_argument, NULL, 'n'},
    {NULL, 0, NULL, 0},
};

struct options {
    const char *out;
    const char *only; /* names with commas between; NULL: all that are not hidden */
    long runs;
    enum length length;
};

/* How long one point takes, and with how many accounts. */
struct pace {
    const char *name;
    int64_t try_ms;
    int64_t run_ms;
    int64_t accounts;
};

static const struct pace paces[LENGTH_COUNT] = {
    [LENGTH_SMOKE] = {"smoke", 0, POINT_BOUNDLESS, 1000},
    [LENGTH_SHORT] = {"short", 1000, 2000, 100000},
    [LENGTH_FULL] = {"full", 5000, 5000, 100000},
};

struct bench {
    struct options options;
    struct site site;
    FILE *json;
    int64_t points;
    bool is_wrong;
};

static bool parse_length(const char *word, enum length *length) {
    for (int i = 0; i < LENGTH_COUNT; i++) {
        if (strcmp(word, paces[i].name) == 0) {
            *length = (enum length)i;
            return true;
        }
    }
    return false;
}

static bool is_named(const char *names, const char *name) {
    size_t len = strlen(name);
    for (const char *at = names; (at = strstr(at, name)) != NULL; at += len) {
        bool begins = at == names || at[-1] == ',';
        if (begins && (at[len] == '\0' || at[len] == ',')) {
            return true;
        }
    }
    return false;
}

static bool is_wanted(const struct options *options, const struct peer *peer) {
    return options->only != NULL ? is_named(options->only, peer->name) : !peer->is_hidden;
}

static bool knows_names(const struct options *options) {
    size_t wanted = 0;
    size_t named = 1;
    for (size_t i = 0; i < roster_count; i++) {
        wanted += is_wanted(options, &roster[i]);
    }
    for (const char *at = options->only; at != NULL && (at = strchr(at, ',')) != NULL; at++) {
        named++;
    }
    return options->only == NULL || wanted == named;
}

static bool parse(int argc, char **argv, struct options *options) {
    *options = (struct options){.runs = 1, .length = LENGTH_SHORT};
    for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
        switch (option) {
        case 'o': options->out = optarg; break;
        case 'r': options->runs = strtol(optarg, NULL, 10); break;
        case 'n': options->only = optarg; break;
        case 'l':
            if (!parse_length(optarg, &options->length)) {
                return false;
            }
            break;
        default: return false;
        }
    }
    return optind == argc && options->out != NULL && options->runs > 0 && knows_names(options);
}

static double play(struct bench *bench, const struct peer *peer, struct point *point,
                   struct measure_label label) {
    point->number = ++bench->points;
    struct measurement got = measure(&bench->site, peer, point, label, bench->json);
    printf("%-20s %-8s %3d clients %9.0f/s%s%s\n", peer->name,
           point->variant == VARIANT_HOT ? "hot" : "uniform", point->clients, got.per_s,
           label.is_best ? "  best" : "", got.is_verified ? "" : "  WRONG BOOKS");
    (void)fflush(stdout);
    bench->is_wrong = bench->is_wrong || !got.is_verified;
    return got.per_s;
}

/* Also warms up: nothing of it counts but which is the best. */
static int find_best(struct bench *bench, const struct peer *peer, struct point point) {
    const int *clients = peer->clients[bench->options.length];
    int best = clients[0];
    double best_per_s = 0;
    for (int i = 0; clients[1] != 0 && i < ROSTER_CLIENTS_MAX && clients[i] != 0; i++) {
        point.clients = clients[i];
        double per_s = play(bench, peer, &point, (struct measure_label){.run = 1});
        if (per_s > best_per_s) {
            best_per_s = per_s;
            best = clients[i];
        }
    }
    return best;
}

static void compare(struct bench *bench, const struct peer *peer, enum variant variant) {
    const struct pace *pace = &paces[bench->options.length];
    struct point point = {.variant = variant, .run_ms = pace->try_ms, .accounts = pace->accounts};
    site_prepare(&bench->site, pace->accounts);
    point.clients = find_best(bench, peer, point);
    point.run_ms = pace->run_ms;
    for (int run = 1; run <= bench->options.runs; run++) {
        (void)play(bench, peer, &point, (struct measure_label){run, true});
    }
}

static unsigned needs(const struct options *options) {
    unsigned all = 0;
    for (size_t i = 0; i < roster_count; i++) {
        all |= is_wanted(options, &roster[i]) ? roster[i].needs : 0;
    }
    return all;
}

int main(int argc, char **argv) {
    struct bench *bench = calloc(1, sizeof *bench);
    must(bench != NULL, "out of memory");
    if (!parse(argc, argv, &bench->options)) {
        fputs("usage: bench-peers --out FILE [--runs N] [--length smoke|short|full]"
              " [--only NAME,...]\n",
              stderr);
        free(bench);
        return 64;
    }
    bench->json = fopen(bench->options.out, "a");
    must(bench->json != NULL, "cannot write %s", bench->options.out);
    site_open(&bench->site, needs(&bench->options));
    for (size_t i = 0; i < roster_count; i++) {
        const struct peer *peer = &roster[i];
        for (int variant = VARIANT_UNIFORM; variant <= VARIANT_HOT; variant++) {
            bool fits = !peer->is_hidden || variant == VARIANT_HOT;
            if (fits && is_wanted(&bench->options, peer)) {
                compare(bench, peer, (enum variant)variant);
            }
        }
    }
    site_close(&bench->site);
    int status = fclose(bench->json) == 0 ? (bench->is_wrong ? 1 : 0) : 70;
    free(bench);
    return status;
}
