/* Reads lines from a file descriptor in bounded memory, never blocking longer than the caller
 * asked: what is too long for a command is cut, and said to be. */
#ifndef TELLER_PRODUCER_LINES_H
#define TELLER_PRODUCER_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"

#define LINES_BUFFER 65536

struct lines {
    int fd;            /* borrowed */
    size_t start, end; /* of what was read and not yet handed out */
    size_t longest;    /* bytes of a line that are kept */
    bool eof;
    bool skipping;  /* in the rest of a line that was cut */
    int64_t number; /* of the line handed out last, from 1 */
    int64_t bytes;  /* read in all */
    int error;      /* errno of a failed read; 0: none */
    uint8_t buffer[LINES_BUFFER];
};

enum lines_answer {
    LINES_LINE,    /* *line is filled; valid until the next call */
    LINES_NOTHING, /* none came in time */
    LINES_END,     /* end of file, or lines->error */
};

/* Lines keep at most `longest` bytes (< LINES_BUFFER): a cut line has longest + 1. */
void lines_init(struct lines *lines, int fd, size_t longest);

/* The next line without its newline, a last one without newline included. Waits at most timeout_ms
 * for input (0: takes what is there, -1: no limit; a signal ends it). */
enum lines_answer lines_next(struct lines *lines, int timeout_ms, struct slice *line);

#endif
