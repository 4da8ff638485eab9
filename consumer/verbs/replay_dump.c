#include "consumer/verbs/replay_dump.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/hex.h"

#define FIELDS 7
#define CHUNK 512 /* bytes that are written as hex at once */

/* ---- writing ---- */

static void write_bytes(FILE *file, struct slice bytes) {
    (void)fputc('\t', file);
    if (bytes.at == NULL) {
        (void)fputc('-', file);
    }
    for (size_t done = 0; done < bytes.len; done += CHUNK) {
        char text[2 * CHUNK + 1];
        const size_t left = bytes.len - done;
        hex_encode(bytes.at + done, left < CHUNK ? left : CHUNK, text);
        (void)fputs(text, file);
    }
}

bool replay_dump_write(FILE *file, uint16_t lane, const struct record *record) {
    (void)fprintf(file, "%u\t%" PRId64 "\t%" PRId64, (unsigned)lane, record->offset,
                  record->timestamp_ms);
    write_bytes(file, record->key);
    write_bytes(file, record->value);
    write_bytes(file, record->leg);
    write_bytes(file, record->source);
    return fputc('\n', file) != EOF && ferror(file) == 0;
}

/* ---- reading ---- */

static bool read_number(const char *text, int64_t most, int64_t *out) {
    char *end = NULL;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    *out = number;
    return end != text && *end == '\0' && errno == 0 && number >= 0 && number <= most;
}

/* Bytes take half the room of their digits, so they are written over them. */
static bool read_bytes(char *text, struct slice *out) {
    const size_t digits = strlen(text);
    *out = (struct slice){.at = NULL, .len = 0};
    if (strcmp(text, "-") == 0) {
        return true;
    }
    *out = (struct slice){.at = (uint8_t *)text, .len = digits / 2};
    return hex_decode(text, digits, (uint8_t *)text);
}

static int split(char *text, char *fields[FIELDS]) {
    int count = 0;
    while (count < FIELDS) {
        fields[count++] = text;
        text = strchr(text, '\t');
        if (text == NULL) {
            return count;
        }
        *text++ = '\0';
    }
    return FIELDS + 1;
}

static bool read_fields(char *text, struct replay_line *line) {
    char *fields[FIELDS];
    int64_t lane;
    struct record *record = &line->record;
    text[strcspn(text, "\r\n")] = '\0';
    record->log_append_time = true;
    if (split(text, fields) != FIELDS || !read_number(fields[0], UINT16_MAX, &lane)) {
        return false;
    }
    line->lane = (uint16_t)lane;
    return read_number(fields[1], INT64_MAX - 1, &record->offset) &&
           read_number(fields[2], INT64_MAX, &record->timestamp_ms) &&
           read_bytes(fields[3], &record->key) && read_bytes(fields[4], &record->value) &&
           read_bytes(fields[5], &record->leg) && read_bytes(fields[6], &record->source);
}

enum replay_read replay_dump_read(FILE *file, uint64_t *number, struct replay_line *line,
                                  struct err *err) {
    char *text = NULL;
    size_t room = 0;
    *line = (struct replay_line){.bytes = NULL};
    if (getline(&text, &room, file) < 0) {
        const int why = errno;
        free(text);
        if (feof(file) != 0 && ferror(file) == 0) {
            return REPLAY_END;
        }
        (void)err_set(err, ERR_UNREACHABLE, "cannot be read behind line %" PRIu64 ": %s", *number,
                      strerror(why));
        return REPLAY_BAD;
    }
    ++*number;
    line->bytes = (uint8_t *)text;
    if (read_fields(text, line)) {
        return REPLAY_LINE;
    }
    replay_line_close(line);
    (void)err_set(err, ERR_DATA, "line %" PRIu64 ": not a record", *number);
    return REPLAY_BAD;
}

void replay_line_close(struct replay_line *line) {
    free(line->bytes);
    line->bytes = NULL;
}
