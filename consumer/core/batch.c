/* What a batch says of the records that it answers. */
#include "consumer/core/batch.h"

#include <stdio.h>

#include "consumer/core/intake.h"

const struct record *batch_record(const struct batch *batch, const struct output *output) {
    return &batch->decoded[output->record].record;
}

void batch_result(const struct batch *batch, const struct output *output, struct result *result) {
    const struct decoded *decoded = &batch->decoded[output->record];
    *result = (struct result){
        .outcome = output->outcome,
        .has_balance = output->has_balance,
        .balance = output->balance,
        .available = output->available,
        .version = output->version,
        .lane = batch->after.lane,
        .offset = decoded->record.offset,
        .duplicate = output->duplicate,
        .at_ms = output->at_ms,
    };
    if (output->detail != NULL) {
        snprintf(result->detail, sizeof result->detail, "%s", output->detail);
    }
    if (decoded->kind == INTAKE_COMMAND) {
        result->has_id = true;
        result->id = decoded->command.id;
        result->type = (int)decoded->command.type;
        result->entity = decoded->command.entity;
    } else if (decoded->kind == INTAKE_LEG) {
        result->has_id = true;
        result->id = decoded->body.id;
        result->type = (int)decoded->body.type;
        result->entity = decoded->body.client;
    } else if (decoded->kind == INTAKE_POISON) {
        result->has_id = decoded->refusal.has_id;
        result->id = decoded->refusal.id;
    }
}
