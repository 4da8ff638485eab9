/* What a client gets back: one record of the results topic, as in schemas/result.v1.json. */
#ifndef TELLER_COMMON_RESULT_H
#define TELLER_COMMON_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/command.h"
#include "common/err.h"
#include "common/outcome.h"
#include "common/strbuf.h"

#define RESULT_DETAIL_MAX 160

struct result {
    bool has_id;     /* false: a quarantined record whose id could not be read */
    struct uuid id;
    int type;        /* enum command_type; 0: not known */
    struct ident entity; /* account or product; len 0: not known */
    enum outcome outcome;
    char detail[RESULT_DETAIL_MAX]; /* "" for none */
    bool has_balance; /* false: the final step lies in another lane, or there is no account */
    int64_t balance;  /* minor units */
    int64_t available;
    int64_t version;
    uint16_t lane;
    int64_t offset;   /* of the record that was answered */
    bool duplicate;   /* this answers a repeated id: the first answer again */
    int64_t at_ms;    /* lane time of the first answer, Unix ms */
};

/* Appends the JSON of schemas/result.v1.json, fields in that order, absent ones left out. No JSON
 * tree. `detail` must be UTF-8. `reason` stands where the state alone does not say it: rejected,
 * quarantined. */
void result_encode(const struct result *result, struct strbuf *out);

/* Reads a result. Fields unknown to this version are passed over and an unknown type becomes 0; an
 * unknown reason is an error. False: *err says why not (ERR_DATA). */
bool result_decode(struct slice json, struct result *out, struct err *err);

#endif
