/* One pass over a flat JSON object, without a tree: what machines write. Text without escapes,
 * whole numbers, no nesting. Everything else is unusual, be it valid JSON or not: whoever wants to
 * know more asks a parser. So this may only ever be too careful. */
#ifndef TELLER_COMMON_JSON_SCAN_H
#define TELLER_COMMON_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/slice.h"

/* A value as it stands in the input: text without its quotes, valid UTF-8, or the digits of a
 * number, which need not be one yet ("01", "-"). */
struct json_value {
    bool is_text;
    struct slice raw;
};

struct json_pair {
    struct slice key;
    struct json_value value;
};

/* Splits the object into its pairs, which point into `json`. Returns their number; 0: it is
 * unusual, empty, or has more than `most`. A key may stand there twice. */
size_t json_scan(struct slice json, struct json_pair *pairs, size_t most);

/* `text` must come from json_scan. */
bool json_scan_is(struct slice text, const char *name);

/* Index of the pair of that name, or `count`. Looks from `first` on, and around. */
size_t json_scan_find(const struct json_pair *pairs, size_t count, size_t first, const char *name);

#endif
