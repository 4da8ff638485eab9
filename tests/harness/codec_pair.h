/* The two ways to decode a command held against each other: for unit tests and for the fuzzer. */
#ifndef TELLER_TESTS_HARNESS_CODEC_PAIR_H
#define TELLER_TESTS_HARNESS_CODEC_PAIR_H

#include "common/command_json.h"

/* What each way read, or why the tree refused. */
struct codec_pair {
    struct arena arenas[2];
    struct command scanned;
    struct command by_tree;
    struct refusal why;
    bool is_plain; /* the scanner accepted */
    bool is_valid; /* the tree did */
};

void codec_pair_init(struct codec_pair *pair);
void codec_pair_close(struct codec_pair *pair);

/* Decodes the bytes in both ways, from a copy of exactly their length. NULL, or what the scanner
 * may not do: accept what the tree refuses, read another command, leave something in the arena. */
const char *codec_pair_fault(struct codec_pair *pair, const void *json, size_t len);

#endif
