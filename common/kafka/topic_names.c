#include "common/kafka/topic_names.h"

#include <stdio.h>
#include <string.h>

#define LONGEST_ENDING ".dead-letters"

bool topic_names_init(struct topic_names *names, const char *prefix, struct err *err) {
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    if (prefix == NULL) {
        prefix = TOPIC_NAMES_PREFIX;
    }
    size_t len = strlen(prefix);
    if (len == 0 || prefix[strspn(prefix, allowed)] != '\0') {
        return err_set(err, ERR_USAGE, "topic prefix \"%s\": only A-Z a-z 0-9 . _ - are allowed",
                       prefix);
    }
    if (len + strlen(LONGEST_ENDING) > TOPIC_NAME_MAX) {
        return err_set(err, ERR_USAGE, "topic prefix: longer than %zu bytes",
                       (size_t)TOPIC_NAME_MAX - strlen(LONGEST_ENDING));
    }
    int cut = (int)len;
    snprintf(names->commands, sizeof names->commands, "%.*s.commands", cut, prefix);
    snprintf(names->results, sizeof names->results, "%.*s.results", cut, prefix);
    snprintf(names->dead_letters, sizeof names->dead_letters, "%.*s" LONGEST_ENDING, cut, prefix);
    return true;
}
