/* Command objects as a client would write them, for tests that send raw records. */
#ifndef TELLER_TESTS_HARNESS_COMMANDS_H
#define TELLER_TESTS_HARNESS_COMMANDS_H

#include <stdint.h>

#include "common/prng.h"
#include "common/uuid.h"

#define COMMAND_TEXT_MAX 1024

/* A version 7 id with random bits from the seed, as text. */
void commands_new_id(struct prng *prng, char id[UUID_TEXT_LEN + 1]);

void commands_open(char text[COMMAND_TEXT_MAX], const char *id, const char *account);

/* type: deposit, withdraw or hold. */
void commands_amount(char text[COMMAND_TEXT_MAX], const char *id, const char *type,
                     const char *account, int64_t amount);

/* field: "hold" for capture and release, "of" for reverse. */
void commands_reference(char text[COMMAND_TEXT_MAX], const char *id, const char *type,
                        const char *account, const char *field, const char *reference);

#endif
