#include "tests/race/table.h"

#include <libsmartcols/libsmartcols.h>

#include "tests/harness/must.h"
#include "tests/race/words.h"

enum column {
    COLUMN_SCENARIO,
    COLUMN_TECHNIQUE,
    COLUMN_CLIENTS,
    COLUMN_EXPECTED,
    COLUMN_FINAL,
    COLUMN_ENDED,
    COLUMN_ERRORS,
    COLUMN_DEADLOCKS,
    COLUMN_WAITING,
    COLUMN_RATE,
    COLUMN_P50,
    COLUMN_P99,
    COLUMN_COUNT,
};

static const char *const names[COLUMN_COUNT] = {
    "SCENARIO", "TECHNIQUE", "CLIENTS", "EXPECTED", "FINAL",  "ENDED",
    "ERRORS",   "DEADLOCKS", "WAITING", "PER-S",    "P50-MS", "P99-MS",
};

static struct libscols_table *make_table(FILE *out) {
    struct libscols_table *table = scols_new_table();
    must(table != NULL, "out of memory");
    for (int i = 0; i < COLUMN_COUNT; i++) {
        bool is_text = i == COLUMN_SCENARIO || i == COLUMN_TECHNIQUE || i == COLUMN_ENDED;
        must(scols_table_new_column(table, names[i], 0, is_text ? 0 : SCOLS_FL_RIGHT) != NULL,
             "out of memory");
    }
    must(scols_table_set_stream(table, out) == 0, "no stream");
    return table;
}

static void set(struct libscols_line *line, enum column column, const char *text) {
    must(scols_line_set_data(line, (size_t)column, text) == 0, "out of memory");
}

static void set_count(struct libscols_line *line, enum column column, int64_t number) {
    char text[WORDS_MAX];
    words_count(text, number);
    set(line, column, text);
}

static void set_ms(struct libscols_line *line, enum column column, int64_t us) {
    char text[WORDS_MAX];
    words_ms(text, us);
    set(line, column, text);
}

static void add_line(struct libscols_table *table, const struct bout_result *result) {
    char text[WORDS_MAX];
    struct libscols_line *line = scols_table_new_line(table, NULL);
    must(line != NULL, "out of memory");
    set(line, COLUMN_SCENARIO, result->scenario->name);
    set(line, COLUMN_TECHNIQUE, result->technique->name);
    set_count(line, COLUMN_CLIENTS, result->clients);
    words_outcome(text, result);
    set(line, COLUMN_ENDED, text);
    if (result->state == BOUT_NOT_RUN) {
        return;
    }
    set_count(line, COLUMN_EXPECTED, result->expected);
    set_count(line, COLUMN_FINAL, result->final);
    set_count(line, COLUMN_ERRORS, result->answers.errors);
    set_count(line, COLUMN_DEADLOCKS, result->deadlocks);
    (void)snprintf(text, sizeof text, "%.1f", result->waits.average);
    set(line, COLUMN_WAITING, text);
    set_count(line, COLUMN_RATE, (int64_t)result->rate);
    set_ms(line, COLUMN_P50, result->p50_us);
    set_ms(line, COLUMN_P99, result->p99_us);
}

void table_print(const struct lineup *lineup, FILE *out) {
    struct libscols_table *table = make_table(out);
    for (int i = 0; i < lineup->count; i++) {
        const struct bout_result *result = &lineup->results[i];
        if (lineup_find(lineup, result->technique, result->scenario, 0) == result) {
            add_line(table, result);
        }
    }
    must(scols_print_table(table) == 0, "cannot print");
    scols_unref_table(table);
}
