#include "consumer/runtime/failpoint.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *prefix;
    enum failpoint_action action;
} actions[] = {
    {"stop-", FAILPOINT_STOP},
    {"kill-", FAILPOINT_KILL},
};

bool failpoint_init(struct failpoint *failpoint, const char *text, struct err *err) {
    *failpoint = (struct failpoint){.action = FAILPOINT_NONE};
    if (text == NULL || *text == '\0') {
        return true;
    }
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strncmp(text, actions[i].prefix, strlen(actions[i].prefix)) == 0) {
            failpoint->action = actions[i].action;
        }
    }
    const char *point = strchr(text, '-');
    size_t len = point == NULL ? 0 : strcspn(++point, ":");
    if (failpoint->action == FAILPOINT_NONE || len == 0 || len >= sizeof failpoint->point) {
        return err_set(err, ERR_USAGE, "TELLER_FAILPOINT: not ACTION-POINT:TIMES: %s", text);
    }
    memcpy(failpoint->point, point, len);
    long times = point[len] == ':' ? strtol(point + len + 1, NULL, 10) : 1;
    atomic_init(&failpoint->countdown, (int)times);
    return true;
}

static void act(enum failpoint_action action) {
    switch (action) {
    case FAILPOINT_NONE: return;
    case FAILPOINT_STOP: (void)raise(SIGSTOP); return;
    case FAILPOINT_KILL: (void)raise(SIGKILL); return;
    }
}

void failpoint_pass(void *failpoint, const char *point) {
    struct failpoint *mine = failpoint;
    if (mine->action == FAILPOINT_NONE || strcmp(mine->point, point) != 0) {
        return;
    }
    if (atomic_fetch_sub(&mine->countdown, 1) == 1) {
        act(mine->action);
    }
}
