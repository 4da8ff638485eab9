/* Writes the commands of the generator: composed from literals, since a preload makes millions. */
#ifndef TELLER_PRODUCER_WORKLOAD_JSON_H
#define TELLER_PRODUCER_WORKLOAD_JSON_H

#include <stddef.h>

#include "common/command.h"

/* Writes the command without a NUL; returns its bytes, of which there must be room. Of optional
 * fields it knows account.open's floor and nothing else. Of a group it takes the amount: it is put
 * in and taken out again. */
size_t workload_json_write(const struct command *command, char *json, size_t room);

#endif
