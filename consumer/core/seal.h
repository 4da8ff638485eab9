/* Seals: a SHA-256 chain over all that a lane ever wrote into its journal and its quarantine.
 *
 * Every batch with rows has one seal, over the seal before it and the batch's rows:
 *
 *   seal_begin(digest, previous);
 *   seal_add_row(...)          by (log_offset, command id, origin, step)
 *   seal_add_quarantine(...)   behind all journal rows, by log_offset
 *   seal_end(digest, seal);
 *
 * The worker makes it from the rows that it is about to write, `tellerd verify` from the rows that
 * the database holds: both must be able to name the same bytes. So the encoding is canonical:
 * every stored column in a fixed order, integers big-endian in full width, text behind its length,
 * and a byte in front of what may be absent, since absent is not empty. The first byte of a seal's
 * input is the version of the encoding; old seals are never made again with a newer one.
 *
 * Pure; a digest belongs to one thread; nothing here fails or allocates. */
#ifndef TELLER_CORE_SEAL_H
#define TELLER_CORE_SEAL_H

#include <stdint.h>

#include "common/digest.h"
#include "consumer/core/rows.h"

#define SEAL_VERSION 1
#define SEAL_LEN DIGEST_SHA256_LEN

/* Before the first batch of a lane, `previous` is all zero. */
void seal_begin(struct digest *digest, const uint8_t previous[SEAL_LEN]);

void seal_add_row(struct digest *digest, const struct journal_row *row, uint16_t lane);

/* detail: NULL and "" both stand for none. */
void seal_add_quarantine(struct digest *digest, const struct quarantine_row *row, uint16_t lane);

void seal_end(struct digest *digest, uint8_t out[SEAL_LEN]);

/* The order in which rows are sealed: <0, 0 or >0. */
int seal_row_order(const struct entry *a, const struct entry *b);

#endif
