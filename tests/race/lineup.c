#include "tests/race/lineup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/must.h"

#define SMOKE_RUN_MS 300
#define SHORT_RUN_MS 400
#define LONG_RUN_MS 1000
#define LONG_RUNS 5

/* Numbers of clients, 0 at the end. */
static const int smoke_crowds[] = {8, 0};
static const int short_crowds[] = {1, 8, 64, 0};
static const int long_crowds[] = {1, 2, 4, 8, 16, 32, 64, 0};

static const int *crowds_of(const struct lineup *lineup) {
    switch (lineup->options.length) {
    case LINEUP_SMOKE: return smoke_crowds;
    case LINEUP_SHORT: return short_crowds;
    case LINEUP_LONG: return long_crowds;
    }
    return NULL;
}

void lineup_init(struct lineup *lineup, const struct lineup_options *options) {
    static const int64_t run_ms[] = {SMOKE_RUN_MS, SHORT_RUN_MS, LONG_RUN_MS};
    int usual = options->length == LINEUP_LONG ? LONG_RUNS : 1;
    *lineup = (struct lineup){.options = *options,
                              .runs = options->runs == 0 ? usual : options->runs,
                              .run_ms = run_ms[options->length]};
    must(lineup->runs <= LINEUP_RUNS_MAX, "at most %d runs", LINEUP_RUNS_MAX);
}

static bool is_chosen(const char *choice, const char *name) {
    return choice == NULL || strcmp(choice, name) == 0;
}

/* A test of the lab wants one that loses, one that does not, and no further server. */
static bool is_small(const struct technique *technique) {
    return strcmp(technique->name, "naive") == 0 || strcmp(technique->name, "for-update") == 0;
}

static bool is_wanted(const struct lineup *lineup, const struct technique *technique) {
    return is_chosen(lineup->options.technique, technique->name) &&
           (lineup->options.length != LINEUP_SMOKE || is_small(technique));
}

struct ground_wants lineup_wants(const struct lineup *lineup) {
    bool is_smoke = lineup->options.length == LINEUP_SMOKE;
    struct ground_wants wants = {.database = is_smoke ? "race_smoke" : "race_lab"};
    for (int i = 0; i < TECHNIQUE_COUNT; i++) {
        const struct technique *technique = &technique_table[i];
        if (is_wanted(lineup, technique)) {
            wants.redis = wants.redis || (technique->traits & TRAIT_REDIS) != 0;
            wants.django = wants.django || technique->place == PLACE_DJANGO;
            wants.teller = wants.teller || technique->place == PLACE_TELLER;
        }
    }
    return wants;
}

static int compare_rate(const void *a, const void *b) {
    const struct bout_result *left = a;
    const struct bout_result *right = b;
    return (left->rate > right->rate) - (left->rate < right->rate);
}

static int64_t weight(const struct bout_damage *damage) {
    return damage->lost + damage->created + damage->oversold + damage->drift;
}

static void take_worse(struct bout_result *result, const struct bout_result *run) {
    if (weight(&run->damage) > weight(&result->damage)) {
        result->damage = run->damage;
        result->expected = run->expected;
        result->final = run->final;
    }
}

static struct bout_result summary(struct bout_result *runs, int count) {
    qsort(runs, (size_t)count, sizeof *runs, compare_rate);
    struct bout_result result = runs[count / 2];
    result.rate_low = runs[0].rate;
    result.rate_high = runs[count - 1].rate;
    for (int i = 0; i < count; i++) {
        take_worse(&result, &runs[i]);
    }
    return result;
}

static void tell(const struct bout_result *result) {
    const char *end = result->state == BOUT_NOT_RUN ? "  not run"
                      : bout_is_exact(result)       ? ""
                                                    : "  wrong";
    fprintf(stderr, "race: %-10s %-17s %2d clients %9.0f/s%s\n", result->scenario->name,
            result->technique->name, result->clients, result->rate, end);
}

/* All bouts of a scenario, with room for the runs of each. */
struct card {
    struct bout_plan plans[LINEUP_RESULTS_MAX];
    struct bout_result runs[LINEUP_RESULTS_MAX][LINEUP_RUNS_MAX];
    int count;
};

static void add_plan(struct card *card, const struct bout_plan *plan) {
    must(card->count < LINEUP_RESULTS_MAX, "too many bouts");
    card->plans[card->count++] = *plan;
}

static void add_plans(const struct lineup *lineup, struct card *card,
                      const struct technique *technique, const struct scenario *scenario) {
    struct bout_plan plan = {
        .technique = technique, .scenario = scenario, .scale = scenario->scale};
    if (!scenario_is_load(scenario)) {
        add_plan(card, &plan);
        return;
    }
    for (const int *crowd = crowds_of(lineup); *crowd != 0; crowd++) {
        plan.scale = (struct scale){.clients = *crowd, .rounds = 1, .run_ms = lineup->run_ms};
        add_plan(card, &plan);
    }
}

static void make_card(const struct lineup *lineup, struct card *card,
                      const struct scenario *scenario) {
    card->count = 0;
    for (int t = 0; t < TECHNIQUE_COUNT; t++) {
        const struct technique *technique = &technique_table[t];
        if (is_wanted(lineup, technique) && technique_fits(technique, scenario)) {
            add_plans(lineup, card, technique, scenario);
        }
    }
}

/* Everybody's first run, then everybody's second: a machine that is busy for a while is busy for
 * all of them. */
static void run_card(struct lineup *lineup, struct ground *ground, struct card *card) {
    for (int run = 0; run < lineup->runs; run++) {
        for (int i = 0; i < card->count; i++) {
            bout_run(ground, &card->plans[i], &card->runs[i][run]);
            tell(&card->runs[i][run]);
        }
    }
    for (int i = 0; i < card->count; i++) {
        must(lineup->count < LINEUP_RESULTS_MAX, "too many bouts");
        lineup->results[lineup->count++] = summary(card->runs[i], lineup->runs);
    }
}

void lineup_run(struct lineup *lineup, struct ground *ground) {
    struct card *card = calloc(1, sizeof *card);
    must(card != NULL, "out of memory");
    for (int s = 0; s < SCENARIO_COUNT; s++) {
        if (is_chosen(lineup->options.scenario, scenario_table[s].name)) {
            make_card(lineup, card, &scenario_table[s]);
            run_card(lineup, ground, card);
        }
    }
    free(card);
}

static bool result_holds(const struct lineup *lineup, const struct bout_result *result) {
    const struct technique *technique = result->technique;
    const struct scenario *scenario = result->scenario;
    const struct bout_result *most = lineup_find(lineup, technique, scenario, 0);
    bool must_lose = (technique->traits & TRAIT_MUST_LOSE) != 0 && scenario->naive_must_lose;
    if (must_lose && result == most && bout_is_exact(result)) {
        fprintf(stderr, "race: %s lost nothing in %s: the lab proves nothing\n", technique->name,
                scenario->name);
        return false;
    }
    if (technique_must_be_exact(technique, scenario) && !bout_is_exact(result)) {
        fprintf(stderr, "race: %s is wrong in %s with %d clients\n", technique->name,
                scenario->name, result->clients);
        return false;
    }
    return true;
}

bool lineup_holds(const struct lineup *lineup) {
    bool holds = true;
    for (int i = 0; i < lineup->count; i++) {
        const struct bout_result *result = &lineup->results[i];
        holds = (result->state == BOUT_NOT_RUN || result_holds(lineup, result)) && holds;
    }
    return holds;
}

const struct bout_result *lineup_find(const struct lineup *lineup,
                                      const struct technique *technique,
                                      const struct scenario *scenario, int clients) {
    const struct bout_result *found = NULL;
    for (int i = 0; i < lineup->count; i++) {
        const struct bout_result *result = &lineup->results[i];
        bool fits = result->technique == technique && result->scenario == scenario;
        if (fits && (clients == 0 || result->clients == clients)) {
            found = result;
        }
    }
    return found;
}
