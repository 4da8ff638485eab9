#include "producer/batch_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/check.h"
#include "producer/cli.h"

bool batch_input_open(struct batch_input *input, const char *name, const struct settings *settings,
                      struct err *err) {
    *input = (struct batch_input){.name = name, .settings = settings, .given = STRBUF_INIT};
    CHECK(arena_init(&input->arena, COMMAND_JSON_ARENA));
    int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    lines_init(&input->lines, fd, COMMAND_JSON_MAX);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        return err_set(err, ERR_DATA, "%s: %s", name, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return err_set(err, ERR_DATA, "%s: is a directory", name);
    }
    /* Standard input may be a file that somebody has read the beginning of: it is never rewound. */
    input->regular = fd != STDIN_FILENO && S_ISREG(status.st_mode);
    input->size = input->regular ? (int64_t)status.st_size : 0;
    return true;
}

void batch_input_close(struct batch_input *input) {
    if (input->lines.fd > STDIN_FILENO) {
        close(input->lines.fd);
    }
    strbuf_close(&input->given);
    arena_close(&input->arena);
}

bool batch_input_rewind(struct batch_input *input, struct err *err) {
    if (lseek(input->lines.fd, 0, SEEK_SET) != 0) {
        return err_set(err, ERR_DATA, "%s: %s", input->name, strerror(errno));
    }
    lines_init(&input->lines, input->lines.fd, COMMAND_JSON_MAX);
    return true;
}

bool batch_input_complete(const struct batch_input *input, struct err *err) {
    return input->lines.error == 0 ||
           err_set(err, ERR_DATA, "%s:%lld: %s", input->name, (long long)input->lines.number + 1,
                   strerror(input->lines.error));
}

static bool is_blank(struct slice line) {
    for (size_t i = 0; i < line.len; i++) {
        if (line.at[i] != ' ' && line.at[i] != '\t' && line.at[i] != '\r') {
            return false;
        }
    }
    return true;
}

static bool decode(struct batch_input *input, struct slice json, struct command *command,
                   struct refusal *why) {
    arena_reset(&input->arena);
    *why = (struct refusal){.has_id = false};
    return command_decode(json, COMMAND_JSON_RULES, &input->arena, command, why);
}

/* Writes the line with an id as its first field. A line whose own id is bad ends up with two, and
 * is refused for that. */
static bool give_id(struct batch_input *input, struct slice line) {
    struct err err = ERR_INIT;
    struct uuid id;
    bool repeatable;
    const uint8_t *brace = memchr(line.at, '{', line.len);
    if (brace == NULL ||
        !cli_choose_id(input->settings, input->lines.number, &id, &repeatable, &err)) {
        return false;
    }
    char text[UUID_TEXT_LEN + 1];
    uuid_format(&id, text);
    size_t behind = (size_t)(brace - line.at) + 1;
    strbuf_reset(&input->given);
    strbuf_printf(&input->given, "{\"id\":\"%s\",", text);
    strbuf_add(&input->given, line.at + behind, line.len - behind);
    CHECK(!input->given.failed);
    return true;
}

static bool lacks_id(const struct refusal *why) {
    return why->reason == OUTCOME_INVALID_FIELD && strncmp(why->detail, "id:", 3) == 0;
}

static enum batch_answer read_line(struct batch_input *input, struct slice line,
                                   struct command *command, struct slice *json,
                                   struct refusal *why) {
    const struct settings *settings = input->settings;
    *json = line;
    if (decode(input, line, command, why)) {
        return BATCH_COMMAND;
    }
    bool may_give = settings->make_ids || settings->idempotency_key != NULL;
    if (!may_give || !lacks_id(why) || !give_id(input, line)) {
        return BATCH_REFUSED;
    }
    *json = (struct slice){(const uint8_t *)input->given.text, input->given.len};
    return decode(input, *json, command, why) ? BATCH_COMMAND : BATCH_REFUSED;
}

enum batch_answer batch_input_next(struct batch_input *input, int timeout_ms,
                                   struct command *command, struct slice *json,
                                   struct refusal *why) {
    struct slice line;
    for (;;) {
        switch (lines_next(&input->lines, timeout_ms, &line)) {
        case LINES_NOTHING: return BATCH_NOTHING;
        case LINES_END: return BATCH_END;
        case LINES_LINE:
            if (!is_blank(line)) {
                return read_line(input, line, command, json, why);
            }
        }
    }
}
