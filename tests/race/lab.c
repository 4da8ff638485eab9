/* The race lab: every technique against every scenario that fits it.
 *   usage: lab [--long | --smoke] [--runs N] [--technique NAME] [--scenario NAME] [--out DIR]
 * Runs on the sandbox's variables. Ends with 1 where a naive technique was not seen to lose, or one
 * that must be exact was not. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/harness/must.h"
#include "tests/race/figures.h"
#include "tests/race/lineup.h"
#include "tests/race/page.h"
#include "tests/race/table.h"

static const struct option long_options[] = {
    {"long", no_argument, NULL, 'l'},
    {"smoke", no_argument, NULL, 's'},
    {"runs", required_argument, NULL, 'r'},
    {"technique", required_argument, NULL, 't'},
    {"scenario", required_argument, NULL, 'c'},
    {"out", required_argument, NULL, 'o'},
    {NULL, 0, NULL, 0},
};

static bool parse(int argc, char **argv, struct lineup_options *options) {
    *options = (struct lineup_options){.length = LINEUP_SHORT, .directory = "."};
    for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
        switch (option) {
        case 'l': options->length = LINEUP_LONG; break;
        case 's': options->length = LINEUP_SMOKE; break;
        case 'r': options->runs = (int)strtol(optarg, NULL, 10); break;
        case 't': options->technique = optarg; break;
        case 'c': options->scenario = optarg; break;
        case 'o': options->directory = optarg; break;
        default: return false;
        }
    }
    return optind == argc && options->runs >= 0;
}

int main(int argc, char **argv) {
    struct lineup_options options;
    if (!parse(argc, argv, &options)) {
        fputs("usage: lab [--long | --smoke] [--runs N] [--technique NAME] [--scenario NAME] "
              "[--out DIR]\n",
              stderr);
        return 64;
    }
    struct lineup *lineup = calloc(1, sizeof *lineup);
    struct ground *ground = calloc(1, sizeof *ground);
    must(lineup != NULL && ground != NULL, "out of memory");
    lineup_init(lineup, &options);
    struct ground_wants wants = lineup_wants(lineup);
    ground_open(ground, &wants);
    lineup_run(lineup, ground);
    table_print(lineup, stdout);
    (void)mkdir(options.directory, 0777);
    figures_write(lineup, ground, options.directory);
    page_write(lineup, ground, options.directory);
    bool holds = lineup_holds(lineup);
    ground_close(ground);
    free(ground);
    free(lineup);
    return holds ? 0 : 1;
}
