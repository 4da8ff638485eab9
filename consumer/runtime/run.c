#include "consumer/runtime/run.h"

#include <stdio.h>

#include "common/err.h"
#include "common/rt/log.h"
#include "common/rt/stop.h"
#include "consumer/runtime/worker.h"

struct command_line {
    int argc;
    char **argv;
};

static void print_help(void) {
    fputs("usage: tellerd run [OPTION]...\n\n"
          "Applies the commands of its lanes until told to stop: SIGTERM hands the lanes over, a\n"
          "second one ends at once, SIGHUP reads the log level again.\n\n",
          stdout);
    options_help(worker_options, worker_options_count, stdout);
}

static void set_log_level(const char *word) {
    enum log_level level = LOG_INFO;
    if (log_level_parse(word, &level)) {
        log_set_level(level);
    }
}

static void reload(void *context) {
    const struct command_line *line = context;
    struct worker_settings settings;
    struct err err = ERR_INIT;
    if (!worker_settings_parse(line->argc, line->argv, &settings, &err)) {
        log_event(LOG_ERROR, "settings not reloaded", "error=\"%s\"", err.text);
        return;
    }
    set_log_level(settings.log_level);
    log_event(LOG_INFO, "settings reloaded", "log_level=%s", settings.log_level);
}

int run_worker(int argc, char **argv) {
    struct command_line line = {.argc = argc, .argv = argv};
    struct worker_settings settings;
    struct err err = ERR_INIT;
    if (!worker_settings_parse(argc, argv, &settings, &err)) {
        fprintf(stderr, "tellerd run: %s\n", err.text);
        return err_exit_code(err.kind);
    }
    if (settings.help) {
        print_help();
        return 0;
    }
    set_log_level(settings.log_level);
    stop_install();
    if (!worker_run(&settings, reload, &line, &err)) {
        log_event(LOG_ERROR, "the worker cannot go on", "error=\"%s\"", err.text);
        return err_exit_code(err.kind);
    }
    return 0;
}
