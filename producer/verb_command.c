#include <string.h>

#include "common/check.h"
#include "producer/draft.h"
#include "producer/submit.h"
#include "producer/verbs.h"

/* Fields that options give. Which verb takes which option is said by
 * its groups; the codec has the last word. */
struct optional_field {
    const char *name;
    size_t offset; /* of the text in struct settings */
    bool number;
};

static const struct optional_field optional_fields[] = {
    {"currency", offsetof(struct settings, currency), false},
    {"expected_version", offsetof(struct settings, expected_version), true},
    {"memo", offsetof(struct settings, memo), false},
    {"floor", offsetof(struct settings, floor), true},
    {"ceiling", offsetof(struct settings, ceiling), true},
    {"expires_in_s", offsetof(struct settings, expires_in), true},
    {"amount", offsetof(struct settings, amount), true},
    {"to", offsetof(struct settings, to), false},
    {"quantity", offsetof(struct settings, quantity), true},
    {"price", offsetof(struct settings, price), true},
    {"stock", offsetof(struct settings, stock), true},
    {"mode", offsetof(struct settings, mode), false},
    {"seller", offsetof(struct settings, seller), false},
    {"cap", offsetof(struct settings, cap), true},
    {"cap_per_account", offsetof(struct settings, cap_per_account), true},
};

struct one {
    struct cli *cli;
    struct render render;
    struct command command;
    bool repeatable; /* the line as typed makes the same id again */
    int code;
};

static void add_operand(struct draft *draft, const char *field, const char *text) {
    bool is_number = strcmp(field, "amount") == 0 || strcmp(field, "quantity") == 0 ||
                     strcmp(field, "price") == 0;
    if (is_number) {
        draft_add_number(draft, field, text);
    } else if (strcmp(field, "commands") == 0) {
        draft_add_json(draft, field, text);
    } else {
        draft_add_text(draft, field, text);
    }
}

static void add_options(struct draft *draft, const struct settings *settings) {
    for (size_t i = 0; i < sizeof optional_fields / sizeof *optional_fields; i++) {
        const struct optional_field *field = &optional_fields[i];
        const char *text;
        memcpy(&text, (const char *)settings + field->offset, sizeof text);
        if (text != NULL && field->number) {
            draft_add_number(draft, field->name, text);
        } else if (text != NULL) {
            draft_add_text(draft, field->name, text);
        }
    }
}

static bool draft_command(struct cli *cli, const struct uuid *id, struct arena *arena,
                          struct command *command, struct err *err) {
    struct draft draft;
    struct refusal why = {.detail = ""};
    draft_open(&draft, id, cli->verb->type);
    for (int i = 0; i < cli->operands_count; i++) {
        add_operand(&draft, cli->verb->fields[i], cli->operands[i]);
    }
    add_options(&draft, &cli->settings);
    bool good = draft_finish(&draft, arena, command, &why);
    draft_close(&draft);
    return good || err_set(err, ERR_DATA, "%s (nothing was sent; see teller help %s)", why.detail,
                           cli->verb->name);
}

/* The line that sends this very command again goes to stderr, where a person looks. */
static void report_done(void *context, const struct report *report) {
    struct one *one = context;
    struct strbuf retry = STRBUF_INIT;
    one->code = report_exit_code(report);
    bool again = report->state == REPORT_UNKNOWN || report->state == REPORT_UNSENT ||
                 report->state == REPORT_PENDING;
    if (again) {
        cli_retry_line(one->cli, one->repeatable ? NULL : &report->id, &retry);
    }
    struct render_extra extra = {.retry = retry.text};
    render_report(&one->render, report, &extra);
    if (again) {
        fflush(one->render.out);
        fprintf(stderr, "teller: %s%s; this line sends the same command again, safely:\n  %s\n",
                report->detail,
                report->state == REPORT_UNSENT ? " (it was not sent)" : " (it may take effect)",
                retry.text);
    }
    strbuf_close(&retry);
}

/* With --partitions a dry run needs no broker. */
static bool submit(struct one *one, struct slice json, struct err *err) {
    struct submit_options options = {.settings = &one->cli->settings,
                                     .only = &one->command.entity,
                                     .room = 1,
                                     .done = report_done,
                                     .context = one};
    struct window *window;
    uint16_t partitions;
    if (!submit_open(&options, &window, &partitions, err)) {
        return false;
    }
    if (one->cli->settings.dry_run) {
        submit_dry_run(&one->render, 0, &one->command, json, partitions);
    } else {
        window_send(window, 0, &one->command, json);
        window_finish(window);
    }
    window_close(window);
    return true;
}

static bool run(struct one *one, struct arena *arena, struct err *err) {
    struct uuid id;
    if (!cli_choose_id(&one->cli->settings, 0, &id, &one->repeatable, err) ||
        !draft_command(one->cli, &id, arena, &one->command, err)) {
        return false;
    }
    struct strbuf json = STRBUF_INIT;
    command_encode(&one->command, &json);
    CHECK(!json.failed);
    bool good = submit(one, (struct slice){(const uint8_t *)json.text, json.len}, err);
    strbuf_close(&json);
    return good;
}

int verb_command(struct cli *cli) {
    struct one one = {.cli = cli};
    struct err err = ERR_INIT;
    struct arena arena;
    CHECK(arena_init(&arena, COMMAND_JSON_ARENA));
    cli_render(cli, &one.render);
    int code = run(&one, &arena, &err) ? one.code : cli_fail(&err);
    render_close(&one.render);
    arena_close(&arena);
    return code;
}
