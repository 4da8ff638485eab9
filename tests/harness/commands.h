/* Command objects as a client would write them, for tests that send raw records. */
#ifndef TELLER_TESTS_HARNESS_COMMANDS_H
#define TELLER_TESTS_HARNESS_COMMANDS_H

#include <stdint.h>

#include "common/prng.h"
#include "common/uuid.h"

#define COMMAND_TEXT_MAX 1024
#define COMMAND_NAME_MAX 32

/* A version 7 id with random bits from the seed, as text. */
void commands_new_id(struct prng *prng, char id[UUID_TEXT_LEN + 1]);

void commands_open(char text[COMMAND_TEXT_MAX], const char *id, const char *account);

/* One that may owe a million: nobody has to bring it money first. */
void commands_open_owing(char text[COMMAND_TEXT_MAX], const char *id, const char *account);

/* type: deposit, withdraw or hold. */
void commands_amount(char text[COMMAND_TEXT_MAX], const char *id, const char *type,
                     const char *account, int64_t amount);

/* field: "hold" for capture and release, "of" for reverse. */
void commands_reference(char text[COMMAND_TEXT_MAX], const char *id, const char *type,
                        const char *account, const char *field, const char *reference);

/* "prefix-N", the first that lies in that lane of so many. */
void commands_name_in_lane(char name[COMMAND_NAME_MAX], const char *prefix, uint16_t lane,
                           uint16_t lanes);

#endif
