/* Records of the log in a text file, so that a lane can be replayed when Kafka has let go of
 * them.
 *
 * One record per line, seven fields separated by tabs: lane, offset, timestamp (Unix ms), key,
 * value, header teller-leg, header ce_source. The last four are bytes in lower-case hex; "-" is
 * absent, and an empty field is empty. A file may hold several lanes; each lane's offsets rise. */
#ifndef TELLER_VERBS_REPLAY_DUMP_H
#define TELLER_VERBS_REPLAY_DUMP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/err.h"
#include "common/record.h"
#include "common/strbuf.h"

/* False: the file cannot take it, errno says why. What is still buffered may fail later. */
bool replay_dump_write(FILE *file, uint16_t lane, const struct record *record);

/* A line that was read. The record's bytes are in `bytes`, which is the line's own memory. */
struct replay_line {
    uint16_t lane;
    struct record record;
    uint8_t *bytes;
};

enum replay_read { REPLAY_LINE, REPLAY_END, REPLAY_BAD };

/* REPLAY_LINE: *line is the caller's to free with replay_line_close. REPLAY_BAD: *err names the
 * line, or says why the file cannot be read; *number counts lines. */
enum replay_read replay_dump_read(FILE *file, uint64_t *number, struct replay_line *line,
                                  struct err *err);
void replay_line_close(struct replay_line *line);

#endif
