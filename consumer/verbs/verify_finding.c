#include "consumer/verbs/verify_finding.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "common/uuid.h"

bool finding_set(struct finding *finding, int64_t account_number, const char *format, ...) {
    if (!finding->found) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(finding->text, sizeof finding->text, format, args);
        va_end(args);
        finding->account_number = account_number;
        finding->found = true;
    }
    return false;
}

bool finding_at(struct finding *finding, const struct entry *entry, const char *format, ...) {
    char what[FINDING_TEXT_MAX / 2];
    char id[UUID_TEXT_LEN + 1];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    uuid_format(&entry->key.id, id);
    return finding_set(finding, entry->account_number,
                       "offset %" PRId64 ", command %s origin %d step %" PRId32 ": %s",
                       entry->log_offset, id, entry->key.origin, entry->key.step, what);
}
