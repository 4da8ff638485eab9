/* Names the field at which a JSON parser gave up, for an error that a person can act on. */
#ifndef TELLER_COMMON_JSON_PATH_H
#define TELLER_COMMON_JSON_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "common/slice.h"

#define JSON_PATH_MAX 96

/* Writes "amount" or "commands[3].amount": the field that the byte before `position` belongs to.
 * Bytes that are not printable ASCII become '?', long names are cut, and below three levels the
 * third is named. False, and `path` empty, outside any field of a top-level object. The text before
 * `position` must be what a JSON parser has accepted. */
bool json_path_at(struct slice json, size_t position, char path[JSON_PATH_MAX]);

/* Appends a field name made harmless in the same way. `path` has `room` bytes with its NUL. */
void json_path_add_name(char *path, size_t room, const char *name, size_t len);

#endif
