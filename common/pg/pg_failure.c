#include "common/pg/pg_failure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Classes and codes that pass by themselves, or with a new connection. */
static const char *const passing[] = {
    "08",    /* connection exception */
    "25P03", /* idle-in-transaction timeout */
    "25006", /* read-only: a standby, or a primary that was demoted */
    "28",    /* authentication: a password is being rotated */
    "40",    /* deadlock, serialization */
    "53",    /* disk full, out of memory, too many connections */
    "55",    /* lock not available, object in use */
    "57",    /* shut down, cancelled, starting up */
    "58",    /* input or output error */
};

static bool starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

enum pg_answer pg_failure_class(const char *sqlstate) {
    if (sqlstate == NULL || sqlstate[0] == '\0') {
        return PG_LOST;
    }
    if (strcmp(sqlstate, PG_STATE_FENCED) == 0) {
        return PG_FENCED;
    }
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
        if (starts_with(sqlstate, passing[i])) {
            return PG_RETRY;
        }
    }
    return PG_REFUSED;
}

/* What a person put wrong, and not we. */
static enum err_kind kind_of_refusal(const char *sqlstate) {
    if (starts_with(sqlstate, "42501")) {
        return ERR_DENIED;
    }
    return starts_with(sqlstate, "3D000") ? ERR_OPERATOR : ERR_BUG; /* there is no such database */
}

static enum err_kind kind_of(enum pg_answer answer, const char *sqlstate) {
    switch (answer) {
    case PG_DONE: return ERR_NONE;
    case PG_FENCED: return ERR_OPERATOR;
    case PG_LOST: return ERR_UNREACHABLE;
    case PG_RETRY: return starts_with(sqlstate, "28") ? ERR_DENIED : ERR_UNREACHABLE;
    case PG_REFUSED: return kind_of_refusal(sqlstate);
    }
    return ERR_BUG;
}

/* libpq's messages end with a newline and may have several lines; an error of ours has one. */
static void one_line(char *text) {
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' ')) {
        text[--len] = '\0';
    }
    for (char *at = text; *at != '\0'; at++) {
        if (*at == '\n' || *at == '\t') {
            *at = ' ';
        }
    }
}

enum pg_answer pg_failure_set(struct pg_failure *failure, const char *sqlstate, const char *message,
                              const char *detail) {
    const char *state = sqlstate != NULL ? sqlstate : "";
    const char *text = message != NULL && message[0] != '\0' ? message : "no answer";
    failure->answer = pg_failure_class(state);
    failure->unknown = false;
    (void)snprintf(failure->sqlstate, sizeof failure->sqlstate, "%s", state);
    (void)snprintf(failure->detail, sizeof failure->detail, "%s", detail != NULL ? detail : "");
    (void)err_set(&failure->err, kind_of(failure->answer, state), "database%s%s: %s",
                  state[0] != '\0' ? " " : "", state, text);
    one_line(failure->err.text);
    return failure->answer;
}

bool pg_failure_names_lane(const struct pg_failure *failure, uint16_t lane) {
    const char *at = failure->detail;
    while (failure->answer == PG_FENCED && *at != '\0') {
        char *end;
        unsigned long named = strtoul(at, &end, 10);
        if (end == at) {
            return false;
        }
        if (named == lane) {
            return true;
        }
        at = *end == ',' ? end + 1 : end;
    }
    return false;
}
