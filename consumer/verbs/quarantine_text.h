/* One quarantined record as text or JSON, whatever its bytes are. */
#ifndef TELLER_VERBS_QUARANTINE_TEXT_H
#define TELLER_VERBS_QUARANTINE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/strbuf.h"
#include "consumer/core/rows.h"

/* Adds printable ASCII as it is, a backslash twice, and every other byte as \xNN: safe for any
 * terminal. */
void quarantine_escape(struct strbuf *out, struct slice bytes);

/* On stdout. In JSON, key and value are escaped the same way. */
void quarantine_print(const struct quarantine_row *row, uint16_t lane, bool json);

#endif
