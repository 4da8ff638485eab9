/* A batch: all that one transaction must write for one lane, and what to publish after it.
 *
 * The lane machine fills it, the store writes it, the outbox publishes it. Everything in it is
 * borrowed from the lane and stays valid until lane_committed, lane_released or lane_begin: nothing
 * that the lane does meanwhile changes it, so another thread may write it. */
#ifndef TELLER_CORE_BATCH_H
#define TELLER_CORE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/leg_body.h"
#include "common/result.h"
#include "consumer/core/leg.h"
#include "consumer/core/rows.h"
#include "consumer/core/sale_rows.h"

/* A published record: the answer to a client, a record that was quarantined, or a leg. */
enum output_kind { OUTPUT_RESULT, OUTPUT_DEAD_LETTER, OUTPUT_LEG };

/* A leg to another lane, or by way of the log to the own one. */
struct leg_message {
    struct leg leg;     /* version and key id are filled in when it is sealed */
    uint16_t partition; /* of the target */
    struct leg_body body;
};

struct output {
    enum output_kind kind;
    uint32_t record; /* index of the record that it answers: batch_record */
    enum outcome outcome;
    const char *detail; /* NULL or "": none */
    bool has_balance;
    bool duplicate;
    int64_t balance;
    int64_t available;
    int64_t version;
    int64_t at_ms;
    const struct leg_message *leg; /* OUTPUT_LEG: what to send; else NULL */
};

/* A changed row, and whether the database has it already. */
struct account_change {
    const struct account *row;
    bool is_new;
};

struct hold_change {
    const struct hold *row;
    bool is_new;
};

struct product_change {
    const struct product *row;
    bool is_new;
};

struct subscription_change {
    const struct subscription *row;
    bool is_new;
};

struct buyer_change {
    const struct buyer *row;
    bool is_new;
};

/* Added to the balance of a system account, which is made when it is not there yet. */
struct system_change {
    enum system_role role;
    struct asset asset;
    money_wide delta; /* may be 0 */
};

/* SHA-256 over the previous seal and this batch's rows. */
struct seal {
    int64_t number;
    int64_t first_offset; /* next_offset before the batch: seals follow each other without a gap */
    int64_t last_offset;  /* of the last record of the batch */
    uint8_t digest[32];
};

struct decoded; /* a record and what it was taken for (intake.h) */

struct batch {
    int64_t old_offset;    /* next_offset before: the fence compares it */
    struct lane_row after; /* the lane row as it will be; published_offset is the caller's to set */
    const struct journal_row *rows; /* in the order of seal_row_order */
    size_t rows_count;
    const struct account_change *accounts;
    size_t accounts_count;
    const struct hold_change *holds;
    size_t holds_count;
    const struct system_change *systems;
    size_t systems_count;
    const struct product_change *products;
    size_t products_count;
    const struct subscription_change *subscriptions;
    size_t subscriptions_count;
    const struct buyer_change *buyers;
    size_t buyers_count;
    const struct quarantine_row *quarantine;
    size_t quarantine_count;
    bool has_seal; /* false: no row and no quarantine row, only the offset moves */
    struct seal seal;
    const struct output *outputs; /* in log order */
    size_t outputs_count;
    size_t sources_dropped;        /* clients' records whose ce_source was not fit to keep */
    size_t records_count;          /* how many records of the log the batch covers */
    const struct decoded *decoded; /* of the lane: output.record counts from here */
};

/* The record that an output answers, and the result to publish for it. */
const struct record *batch_record(const struct batch *batch, const struct output *output);
void batch_result(const struct batch *batch, const struct output *output, struct result *result);

#endif
