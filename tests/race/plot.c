#include "tests/race/plot.h"

#include <math.h>
#include <string.h>

#include "tests/race/words.h"

#define WIDTH 560
#define HEIGHT 340
#define LEFT 72
#define RIGHT 14
#define TOP 12
#define BOTTOM 50
#define CLIENTS_LOG2_MAX 6 /* 64 clients */

/* Powers of ten between which the values lie. */
struct range {
    double low;
    double high;
};

static double value_of(const struct bout_result *result, enum plot_measure measure) {
    return measure == PLOT_RATE ? result->rate : (double)result->p99_us / 1000;
}

static bool belongs(const struct bout_result *result, const struct scenario *scenario) {
    return result->scenario == scenario && result->state == BOUT_RUN;
}

static struct range range_of(const struct lineup *lineup, const struct scenario *scenario,
                             enum plot_measure measure) {
    struct range range = {.low = HUGE_VAL, .high = -HUGE_VAL};
    for (int i = 0; i < lineup->count; i++) {
        double value = value_of(&lineup->results[i], measure);
        if (belongs(&lineup->results[i], scenario) && value > 0) {
            range.low = fmin(range.low, floor(log10(value)));
            range.high = fmax(range.high, ceil(log10(value)));
        }
    }
    range.high = fmax(range.high, range.low + 1);
    return range;
}

static double x_of(int clients) {
    return LEFT + (WIDTH - LEFT - RIGHT) * log2(clients) / CLIENTS_LOG2_MAX;
}

static double y_of(const struct range *range, double value) {
    double share = (log10(value) - range->low) / (range->high - range->low);
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
}

static void add_axes(struct strbuf *html, const struct range *range) {
    for (int power = (int)range->low; power <= (int)range->high; power++) {
        double y = y_of(range, pow(10, power));
        strbuf_printf(html, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                      LEFT, WIDTH - RIGHT, y, y);
        strbuf_printf(html, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.10g</text>", LEFT - 8,
                      y + 6, pow(10, power));
    }
    for (int clients = 1; clients <= SCENARIO_CLIENTS_MAX; clients *= 2) {
        strbuf_printf(html, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
                      x_of(clients), HEIGHT - BOTTOM + 22, clients);
    }
    strbuf_printf(html, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">clients</text>", WIDTH - RIGHT,
                  HEIGHT - 6);
}

const char *plot_style(const struct technique *technique) {
    switch (technique->place) {
    case PLACE_C: return "";
    case PLACE_DJANGO: return " dashed";
    case PLACE_TELLER:
        return (technique->traits & TRAIT_STREAM) != 0 ? " dashed strong" : " strong";
    }
    return "";
}

struct point {
    double x;
    double y;
};

static int collect(const struct lineup *lineup, const struct scenario *scenario,
                   const struct technique *technique, enum plot_measure measure,
                   const struct range *range, struct point points[SCENARIO_CLIENTS_MAX]) {
    int count = 0;
    for (int i = 0; i < lineup->count && count < SCENARIO_CLIENTS_MAX; i++) {
        const struct bout_result *result = &lineup->results[i];
        double value = value_of(result, measure);
        if (result->technique == technique && belongs(result, scenario) && value > 0) {
            points[count++] = (struct point){x_of(result->clients), y_of(range, value)};
        }
    }
    return count;
}

static void add_line(struct strbuf *html, const struct technique *technique,
                     const struct point *points, int count) {
    strbuf_printf(html, "<g class=\"%s%s\"><title>%s</title><polyline points=\"", technique->name,
                  plot_style(technique), technique->title);
    for (int i = 0; i < count; i++) {
        strbuf_printf(html, "%.1f,%.1f ", points[i].x, points[i].y);
    }
    strbuf_add_text(html, "\"/>");
    for (int i = 0; i < count; i++) {
        strbuf_printf(html, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", points[i].x, points[i].y);
    }
    strbuf_add_text(html, "</g>");
}

void plot_add(struct strbuf *html, const struct lineup *lineup, const struct scenario *scenario,
              enum plot_measure measure) {
    struct range range = range_of(lineup, scenario, measure);
    if (range.low > range.high || isinf(range.low)) {
        return;
    }
    strbuf_printf(html,
                  "<figure><figcaption><b>%s</b>: %s</figcaption><svg viewBox=\"0 0 %d %d\" "
                  "role=\"img\" aria-label=\"%s against number of clients\">",
                  scenario->title,
                  measure == PLOT_RATE ? "requests answered per second"
                                       : "milliseconds that 1 in 100 waits at least (p99)",
                  WIDTH, HEIGHT, measure == PLOT_RATE ? "Rate" : "p99");
    add_axes(html, &range);
    for (int i = 0; i < TECHNIQUE_COUNT; i++) {
        struct point points[SCENARIO_CLIENTS_MAX];
        int count = collect(lineup, scenario, &technique_table[i], measure, &range, points);
        if (count > 0) {
            add_line(html, &technique_table[i], points, count);
        }
    }
    strbuf_add_text(html, "</svg></figure>");
}
