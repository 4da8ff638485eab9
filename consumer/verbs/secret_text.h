/* A secret as a line of text: "teller-secret 1 <64 hex digits>", the number being its key id. */
#ifndef TELLER_VERBS_SECRET_TEXT_H
#define TELLER_VERBS_SECRET_TEXT_H

#include <stdbool.h>

#include "consumer/core/leg.h"

#define SECRET_LINE_MAX 128

/* Without a newline. */
void secret_format(const struct leg_secret *secret, char line[SECRET_LINE_MAX]);

/* With or without a newline. False, and *out undefined, on anything else. */
bool secret_parse(const char *line, struct leg_secret *out);

#endif
