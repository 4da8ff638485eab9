/* A line plot in SVG: a measure against the number of clients, a line per technique. */
#ifndef TELLER_TESTS_RACE_PLOT_H
#define TELLER_TESTS_RACE_PLOT_H

#include "common/strbuf.h"
#include "tests/race/lineup.h"

enum plot_measure {
    PLOT_RATE, /* answered requests per second */
    PLOT_P99,  /* milliseconds */
};

/* Appends a figure with its caption. Nothing where the scenario was not run. */
void plot_add(struct strbuf *html, const struct lineup *lineup, const struct scenario *scenario,
              enum plot_measure measure);

/* "teller strong": the classes by which the page draws a technique's line. */
const char *plot_style(const struct technique *technique);

#endif
