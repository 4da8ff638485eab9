#include "consumer/core/intake.h"

#include <stdio.h>
#include <string.h>

#include "common/partition.h"

static void refuse(struct decoded *out, enum outcome reason, const char *detail) {
    out->kind = INTAKE_POISON;
    out->refusal = (struct refusal){.reason = reason};
    snprintf(out->refusal.detail, sizeof out->refusal.detail, "%s", detail);
}

/* A body that an authentic worker wrote and we cannot read is of a newer one. */
static void decode_body(const struct record *record, struct decoded *out) {
    out->kind = INTAKE_TICK;
    if (out->leg.kind != LEG_TICK) {
        out->kind = leg_body_decode(record->value, &out->body) ? INTAKE_LEG : INTAKE_NEWER;
    }
}

static void decode_leg(const struct intake *intake, const struct record *record,
                       struct decoded *out) {
    switch (leg_open(record, intake->secrets, intake->lane, &out->leg)) {
    case LEG_GOOD: decode_body(record, out); return;
    case LEG_NEWER: out->kind = INTAKE_NEWER; return;
    case LEG_FORGED:
        refuse(out, OUTCOME_FORGED_LEG, "the envelope was not written by a worker of this ledger");
        return;
    }
}

/* A record whose key is not its entity, or that lies in the wrong partition, would be applied by
 * an owner that does not hold the entity. NULL: it is where it belongs. */
static const char *routing_fault(const struct intake *intake, const struct record *record,
                                 const struct command *command) {
    if (record->key.at == NULL) {
        return "key: missing; it must be the account";
    }
    if (record->key.len != command->entity.len ||
        memcmp(record->key.at, command->entity.text, record->key.len) != 0) {
        return "key: must be the account of the command";
    }
    if (partition_of(record->key.at, record->key.len, intake->partitions) != intake->lane) {
        return "partition: not the one of its key; producers must partition by murmur2";
    }
    return NULL;
}

/* W3C Trace Context: 55 characters in version 00. What no tracer writes is not passed on: it would
 * travel with legs, which must never be too large to send. */
#define TRACEPARENT_MAX 128

static struct slice fit_traceparent(struct slice traceparent) {
    bool good = traceparent.len <= TRACEPARENT_MAX;
    for (size_t i = 0; good && i < traceparent.len; i++) {
        good = traceparent.at[i] > ' ' && traceparent.at[i] <= '~';
    }
    return good ? traceparent : (struct slice){NULL, 0};
}

void intake_decode(const struct intake *intake, const struct record *record, struct arena *arena,
                   struct decoded *out) {
    out->record = *record;
    out->record.traceparent = fit_traceparent(record->traceparent);
    if (record->leg.at != NULL) {
        decode_leg(intake, record, out);
        return;
    }
    struct refusal why;
    if (!command_decode(record->value, intake->rules, arena, &out->command, &why)) {
        out->kind = INTAKE_POISON;
        out->refusal = why;
        return;
    }
    const char *fault = routing_fault(intake, record, &out->command);
    if (fault != NULL) {
        struct uuid id = out->command.id;
        refuse(out, OUTCOME_MISROUTED, fault);
        out->refusal.has_id = true;
        out->refusal.id = id;
        return;
    }
    out->kind = INTAKE_COMMAND;
    command_hash(&out->command, out->hash);
}
