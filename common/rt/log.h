/* Structured log lines on stderr: text on a terminal, logfmt otherwise. Ids, never payloads or
 * secrets. Thread-safe: a line is one write(2). Never blocks its caller on a full pipe. */
#ifndef TELLER_COMMON_RT_LOG_H
#define TELLER_COMMON_RT_LOG_H

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level level);
bool log_level_parse(const char *word, enum log_level *out);

/* log_event(LOG_WARN, "lane fenced", "lane=%d epoch=%lld", ...): a message that never varies, then
 * logfmt pairs made by the format (NULL for none), which knows %s, %d and %u, with l or ll. Text
 * that may have blanks is quoted by the format, key="%s"; what would end a value is escaped. */
void log_event(enum log_level level, const char *message, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
