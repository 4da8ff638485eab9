#include "tests/race/page.h"

#include <stdio.h>
#include <string.h>

#include "common/strbuf.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/race/plot.h"
#include "tests/race/words.h"

#define TEMPLATE "tests/race/page.html"

struct page {
    const struct lineup *lineup;
    struct ground *ground;
    struct strbuf html;
};

static bool has_run(const struct lineup *lineup, const struct scenario *scenario) {
    for (int i = 0; i < lineup->count; i++) {
        if (lineup->results[i].scenario == scenario) {
            return true;
        }
    }
    return false;
}

static bool has_technique(const struct lineup *lineup, const struct technique *technique) {
    for (int i = 0; i < lineup->count; i++) {
        if (lineup->results[i].technique == technique) {
            return true;
        }
    }
    return false;
}

static const char *class_of(const struct bout_result *result) {
    switch (words_verdict(result)) {
    case VERDICT_EXACT: return "exact";
    case VERDICT_ERRORS: return "errors";
    case VERDICT_WRONG: return "wrong";
    case VERDICT_NOT_RUN: return "not-run";
    }
    return "";
}

static void add_outcome(struct strbuf *html, const struct bout_result *result) {
    char text[WORDS_MAX];
    words_outcome(text, result);
    strbuf_printf(html, "<td class=\"%s\">%s</td>", class_of(result), text);
}

static void add_setting(struct page *page, const char *name) {
    char sql[64];
    char value[64];
    (void)snprintf(sql, sizeof sql, "SHOW %s", name);
    db_text(page->ground->db, sql, value, sizeof value);
    strbuf_printf(&page->html, "%s %s, ", name, value);
}

static void add_facts(struct page *page) {
    static const char *const settings[] = {"server_version", "fsync", "synchronous_commit",
                                           "full_page_writes", "deadlock_timeout"};
    strbuf_add_text(&page->html, "PostgreSQL: ");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        add_setting(page, settings[i]);
    }
    strbuf_printf(&page->html, "the same for everyone. Each load ran for %lld ms; ",
                  (long long)page->lineup->run_ms);
    if (page->lineup->runs == 1) {
        strbuf_add_text(&page->html, "each bout was fought once.");
    } else {
        strbuf_printf(&page->html,
                      "each bout was fought %d times: rates are the median run's, damage is that "
                      "of the worst.",
                      page->lineup->runs);
    }
}

static void add_board_row(struct page *page, const struct technique *technique) {
    strbuf_printf(&page->html, "<tr><th scope=\"row\">%s</th>", technique->title);
    for (int s = 0; s < SCENARIO_COUNT; s++) {
        const struct scenario *scenario = &scenario_table[s];
        const struct bout_result *result = lineup_find(page->lineup, technique, scenario, 0);
        if (result != NULL) {
            add_outcome(&page->html, result);
        } else if (has_run(page->lineup, scenario)) {
            strbuf_add_text(&page->html, "<td class=\"none\">&ndash;</td>");
        }
    }
    strbuf_add_text(&page->html, "</tr>\n");
}

static void add_board(struct page *page) {
    strbuf_add_text(&page->html, "<table class=\"board\"><thead><tr><th></th>");
    for (int s = 0; s < SCENARIO_COUNT; s++) {
        if (has_run(page->lineup, &scenario_table[s])) {
            strbuf_printf(&page->html, "<th scope=\"col\"><a href=\"#%s\">%s</a></th>",
                          scenario_table[s].name, scenario_table[s].name);
        }
    }
    strbuf_add_text(&page->html, "</tr></thead><tbody>\n");
    for (int t = 0; t < TECHNIQUE_COUNT; t++) {
        if (has_technique(page->lineup, &technique_table[t])) {
            add_board_row(page, &technique_table[t]);
        }
    }
    strbuf_add_text(&page->html, "</tbody></table>");
}

static void add_plots(struct page *page) {
    for (int s = 0; s < SCENARIO_COUNT; s++) {
        const struct scenario *scenario = &scenario_table[s];
        if (scenario_is_load(scenario) && has_run(page->lineup, scenario)) {
            plot_add(&page->html, page->lineup, scenario, PLOT_RATE);
            plot_add(&page->html, page->lineup, scenario, PLOT_P99);
        }
    }
}

static void add_legend(struct page *page) {
    for (int t = 0; t < TECHNIQUE_COUNT; t++) {
        const struct technique *technique = &technique_table[t];
        if (has_technique(page->lineup, technique)) {
            strbuf_printf(&page->html, "<li class=\"%s%s\"><i></i>%s</li>\n", technique->name,
                          plot_style(technique), technique->title);
        }
    }
}

static void add_count(struct strbuf *html, int64_t number) {
    char text[WORDS_MAX];
    words_count(text, number);
    strbuf_printf(html, "<td>%s</td>", text);
}

static void add_ms(struct strbuf *html, int64_t us) {
    char text[WORDS_MAX];
    words_ms(text, us);
    strbuf_printf(html, "<td>%s</td>", text);
}

static void add_result(struct strbuf *html, const struct bout_result *result) {
    strbuf_printf(html, "<tr><th scope=\"row\">%s</th><td>%d</td>", result->technique->title,
                  result->clients);
    add_outcome(html, result);
    if (result->state == BOUT_NOT_RUN) {
        strbuf_add_text(html, "<td colspan=\"11\"></td></tr>\n");
        return;
    }
    add_count(html, result->expected);
    add_count(html, result->final);
    add_count(html, result->damage.lost);
    add_count(html, result->damage.created);
    add_count(html, result->answers.errors);
    add_count(html, result->answers.retries);
    add_count(html, result->deadlocks);
    strbuf_printf(html, "<td>%.1f</td>", result->waits.average);
    add_count(html, (int64_t)result->rate);
    add_ms(html, result->p50_us);
    add_ms(html, result->p99_us);
    strbuf_add_text(html, "</tr>\n");
}

static void add_scenario(struct page *page, const struct scenario *scenario) {
    strbuf_printf(&page->html,
                  "<section id=\"%s\"><h3>%s</h3><p>%s</p>"
                  "<div class=\"scroll\"><table><thead><tr><th></th><th>clients</th><th>ended</th>"
                  "<th>expected</th><th>final</th><th>lost</th><th>created</th><th>errors</th>"
                  "<th>retries</th><th>deadlocks</th><th>waiting</th><th>per s</th><th>p50 ms</th>"
                  "<th>p99 ms</th></tr></thead><tbody>\n",
                  scenario->name, scenario->title, scenario->story);
    for (int i = 0; i < page->lineup->count; i++) {
        if (page->lineup->results[i].scenario == scenario) {
            add_result(&page->html, &page->lineup->results[i]);
        }
    }
    strbuf_add_text(&page->html, "</tbody></table></div></section>\n");
}

static void add_scenarios(struct page *page) {
    for (int s = 0; s < SCENARIO_COUNT; s++) {
        if (has_run(page->lineup, &scenario_table[s])) {
            add_scenario(page, &scenario_table[s]);
        }
    }
}

static void add_techniques(struct page *page) {
    for (int t = 0; t < TECHNIQUE_COUNT; t++) {
        strbuf_printf(&page->html, "<dt>%s</dt><dd>", technique_table[t].title);
        for (const char *at = technique_table[t].gist; *at != '\0'; at++) {
            if (*at == '>') {
                strbuf_add_text(&page->html, "&gt;");
            } else {
                strbuf_add_char(&page->html, *at);
            }
        }
        strbuf_add_text(&page->html, "</dd>\n");
    }
}

static const struct {
    const char *name;
    void (*add)(struct page *page);
} parts[] = {
    {"{{facts}}", add_facts},         {"{{board}}", add_board},
    {"{{plots}}", add_plots},         {"{{legend}}", add_legend},
    {"{{scenarios}}", add_scenarios}, {"{{techniques}}", add_techniques},
};

/* What stands at an opening "{{"; returns how many bytes of the template that was. */
static size_t add_part(struct page *page, const char *at) {
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t len = strlen(parts[i].name);
        if (strncmp(at, parts[i].name, len) == 0) {
            parts[i].add(page);
            return len;
        }
    }
    must(false, "%s has a part that nobody knows: %.20s", TEMPLATE, at);
    return 0;
}

static void read_template(struct strbuf *text) {
    char bytes[4096];
    FILE *file = fopen(TEMPLATE, "r");
    must(file != NULL, "no %s here", TEMPLATE);
    for (size_t len; (len = fread(bytes, 1, sizeof bytes, file)) > 0;) {
        strbuf_add(text, bytes, len);
    }
    (void)fclose(file);
    must(!text->failed && text->len > 0, "%s is empty", TEMPLATE);
}

static void fill_template(struct page *page, const char *at) {
    for (const char *next; (next = strstr(at, "{{")) != NULL;) {
        strbuf_add(&page->html, at, (size_t)(next - at));
        at = next + add_part(page, next);
    }
    strbuf_add_text(&page->html, at);
}

void page_write(const struct lineup *lineup, struct ground *ground, const char *directory) {
    struct page page = {.lineup = lineup, .ground = ground, .html = STRBUF_INIT};
    struct strbuf text = STRBUF_INIT;
    char path[512];
    (void)snprintf(path, sizeof path, "%s/index.html", directory);
    read_template(&text);
    fill_template(&page, text.text);
    FILE *file = fopen(path, "w");
    must(!page.html.failed && file != NULL, "cannot write %s", path);
    must(fwrite(page.html.text, 1, page.html.len, file) == page.html.len && fclose(file) == 0,
         "cannot write %s", path);
    strbuf_close(&text);
    strbuf_close(&page.html);
}
