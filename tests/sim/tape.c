#include "tests/sim/tape.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"

bool tape_init(struct tape *tape) {
    *tape = (struct tape){.count = 0};
    tape->records = malloc(TAPE_RECORDS_MAX * sizeof *tape->records);
    return tape->records != NULL;
}

void tape_close(struct tape *tape) {
    free(tape->records);
    tape->records = NULL;
}

void tape_reset(struct tape *tape) {
    tape->count = 0;
    tape->end = 0;
}

bool tape_is_full(const struct tape *tape) {
    return tape->count == TAPE_RECORDS_MAX;
}

size_t tape_find(const struct tape *tape, int64_t offset) {
    size_t at = tape->count;
    while (at > 0 && tape->records[at - 1].record.offset >= offset) {
        at--;
    }
    return at;
}

struct tape_record *tape_append(struct tape *tape, enum tape_kind kind, int64_t at_ms, int64_t gap,
                                struct slice key, struct slice value) {
    CHECK(!tape_is_full(tape) && key.len <= IDENT_MAX && value.len <= TAPE_VALUE_MAX);
    struct tape_record *record = &tape->records[tape->count++];
    if (key.len > 0) {
        memcpy(record->key, key.at, key.len);
    }
    if (value.len > 0) {
        memcpy(record->value, value.at, value.len);
    }
    record->kind = kind;
    record->record = (struct record){
        .offset = tape->end + gap,
        .timestamp_ms = at_ms,
        .log_append_time = true,
        .key = {key.at == NULL ? NULL : (const uint8_t *)record->key, key.len},
        .value = {value.at == NULL ? NULL : (const uint8_t *)record->value, value.len},
    };
    tape->end = record->record.offset + 1;
    return record;
}

void tape_sign(struct tape_record *record, const struct leg *leg, const struct leg_secrets *secrets,
               uint16_t partition) {
    struct leg signed_leg = *leg;
    leg_seal(&signed_leg, secrets, partition, record->record.key, record->record.value,
             record->envelope);
    record->record.leg = (struct slice){record->envelope, LEG_ENVELOPE_LEN};
}

static const char *kind_word(enum tape_kind kind) {
    switch (kind) {
    case TAPE_COMMAND: return "command";
    case TAPE_POISON: return "poison";
    case TAPE_LEG: return "leg";
    case TAPE_TICK: return "tick";
    case TAPE_FORGED: return "forged leg";
    }
    return "?";
}

void tape_tell(const struct tape_record *record, struct strbuf *out) {
    strbuf_printf(out, "@%lld at %lld %s", (long long)record->record.offset,
                  (long long)record->record.timestamp_ms, kind_word(record->kind));
    if (record->kind == TAPE_LEG) {
        strbuf_printf(out, " step %d from lane %u", record->leg.leg.step, record->leg.leg.origin);
    }
    strbuf_printf(out, " %.*s\n", (int)record->record.value.len, record->value);
}
