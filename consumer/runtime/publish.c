#include "consumer/runtime/publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/digest.h"
#include "common/hex.h"
#include "common/partition.h"
#include "common/record.h"
#include "common/step.h"

#define SOURCE_MAX 32
#define NUMBER_MAX 24

#define LITERAL(text) ((struct slice){.at = (const uint8_t *)(text), .len = sizeof("" text) - 1})

static struct slice text_slice(const char *text) {
    return (struct slice){.at = (const uint8_t *)text, .len = strlen(text)};
}

static struct slice ident_slice(const struct ident *ident) {
    return (struct slice){.at = (const uint8_t *)ident->text, .len = ident->len};
}

/* ce_source and ce_id: the same record gets the same ones however often it is answered, so that
 * receivers can drop repetitions (CloudEvents 1.0, "source" and "id"). */
static struct slice name_source(uint16_t lane, char source[SOURCE_MAX]) {
    snprintf(source, SOURCE_MAX, "teller/lane/%u", (unsigned)lane);
    return text_slice(source);
}

static struct slice name_event(const struct result *result, char id[UUID_TEXT_LEN + 1]) {
    if (!result->has_id) {
        snprintf(id, UUID_TEXT_LEN + 1, "%d-%" PRId64, result->lane, result->offset);
        return text_slice(id);
    }
    uuid_format(&result->id, id);
    return (struct slice){.at = (const uint8_t *)id, .len = UUID_TEXT_LEN};
}

/* CloudEvents, Kafka binding, binary mode. */
static enum outbox_send send_result(const struct publish *publish, struct slice source,
                                    const struct record *record, const struct result *result) {
    char id[UUID_TEXT_LEN + 1];
    struct outbox_header headers[6] = {
        {LITERAL("ce_specversion"), LITERAL("1.0")},
        {LITERAL("ce_id"), name_event(result, id)},
        {LITERAL("ce_source"), source},
        {LITERAL("ce_type"), LITERAL("teller.result")},
        {LITERAL("content-type"), LITERAL("application/json")},
        {LITERAL(RECORD_HEADER_TRACEPARENT), record->traceparent},
    };
    struct outbox_message message = {
        .topic = OUTBOX_RESULTS,
        .partition = result->lane,
        .key = slice_first(record->key, QUARANTINE_BYTES_MAX),
        .value = {(const uint8_t *)publish->text->text, publish->text->len},
        .headers = headers,
        .headers_count = record->traceparent.at == NULL ? 5 : 6,
    };
    if (result->entity.len > 0) {
        message.key = ident_slice(&result->entity);
        message.partition =
            partition_of(result->entity.text, result->entity.len, publish->partitions);
    }
    return outbox_send(publish->outbox, result->lane, &message);
}

static void digest_text(struct slice bytes, char text[2 * DIGEST_SHA256_LEN + 1]) {
    uint8_t digest[DIGEST_SHA256_LEN];
    digest_sha256(bytes.at, bytes.len, digest);
    hex_encode(digest, sizeof digest, text);
}

static void length_text(struct slice bytes, char text[NUMBER_MAX]) {
    snprintf(text, NUMBER_MAX, "%" PRId64, bytes.at == NULL ? -1 : (int64_t)bytes.len);
}

static enum outbox_send send_dead_letter(const struct publish *publish, const struct record *record,
                                         const struct result *result) {
    char lane[NUMBER_MAX];
    char offset[NUMBER_MAX];
    char key_len[NUMBER_MAX];
    char value_len[NUMBER_MAX];
    char digest[2 * DIGEST_SHA256_LEN + 1];
    snprintf(lane, sizeof lane, "%d", result->lane);
    snprintf(offset, sizeof offset, "%" PRId64, record->offset);
    length_text(record->key, key_len);
    length_text(record->value, value_len);
    digest_text(record->value, digest);
    const struct outbox_header headers[] = {
        {LITERAL("teller-reason"), text_slice(outcome_word(result->outcome))},
        {LITERAL("teller-detail"), text_slice(result->detail)},
        {LITERAL("teller-lane"), text_slice(lane)},
        {LITERAL("teller-offset"), text_slice(offset)},
        {LITERAL("teller-key-length"), text_slice(key_len)},
        {LITERAL("teller-value-length"), text_slice(value_len)},
        {LITERAL("teller-value-sha256"), text_slice(digest)},
        {LITERAL(RECORD_HEADER_TRACEPARENT), record->traceparent},
    };
    size_t count = sizeof headers / sizeof *headers;
    struct outbox_message message = {
        .topic = OUTBOX_DEAD_LETTERS,
        .partition = result->lane,
        .key = slice_first(record->key, QUARANTINE_BYTES_MAX),
        .value = slice_first(record->value, QUARANTINE_BYTES_MAX),
        .headers = headers,
        .headers_count = record->traceparent.at == NULL ? count - 1 : count,
    };
    return outbox_send(publish->outbox, result->lane, &message);
}

/* Signs the message for its partition and sends it as a leg of that lane. The trace goes on with
 * it, so that the final result has it too; it is not signed, since nothing is decided by it. */
static enum outbox_send send_sealed(const struct publish *publish, uint16_t lane,
                                    const struct leg *leg, struct outbox_message *message,
                                    struct slice traceparent) {
    struct leg signed_leg = *leg;
    uint8_t envelope[LEG_ENVELOPE_LEN];
    leg_seal(&signed_leg, publish->secrets, message->partition, message->key, message->value,
             envelope);
    const struct outbox_header headers[] = {
        {LITERAL(RECORD_HEADER_LEG), {envelope, sizeof envelope}},
        {LITERAL(RECORD_HEADER_TRACEPARENT), traceparent},
    };
    message->headers = headers;
    message->headers_count = traceparent.at == NULL ? 1 : 2;
    return outbox_send(publish->outbox, lane, message);
}

static enum outbox_send send_leg(const struct publish *publish, const struct record *record,
                                 uint16_t lane, const struct leg_message *leg) {
    strbuf_reset(publish->text);
    leg_body_encode(&leg->body, publish->text);
    if (publish->text->failed) {
        return OUTBOX_BROKEN;
    }
    struct outbox_message message = {
        .topic = OUTBOX_COMMANDS,
        .partition = leg->partition,
        .key = ident_slice(&leg->body.target),
        .value = {(const uint8_t *)publish->text->text, publish->text->len},
    };
    return send_sealed(publish, lane, &leg->leg, &message, record->traceparent);
}

static enum outbox_send answer_record(const struct publish *publish, struct slice source,
                                      const struct batch *batch, const struct output *output) {
    struct result result;
    batch_result(batch, output, &result);
    board_answer(publish->board, result.type, (int)result.outcome);
    strbuf_reset(publish->text);
    result_encode(&result, publish->text);
    return publish->text->failed
               ? OUTBOX_BROKEN
               : send_result(publish, source, batch_record(batch, output), &result);
}

static enum outbox_send bury_record(const struct publish *publish, const struct batch *batch,
                                    const struct output *output) {
    struct result result;
    batch_result(batch, output, &result);
    return send_dead_letter(publish, batch_record(batch, output), &result);
}

static enum outbox_send send_output(const struct publish *publish, struct slice source,
                                    const struct batch *batch, const struct output *output) {
    const struct record *record = batch_record(batch, output);
    switch (output->kind) {
    case OUTPUT_RESULT: return answer_record(publish, source, batch, output);
    case OUTPUT_DEAD_LETTER: return bury_record(publish, batch, output);
    case OUTPUT_LEG: return send_leg(publish, record, batch->after.lane, output->leg);
    }
    return OUTBOX_BROKEN;
}

bool publish_outputs(const struct publish *publish, const struct batch *batch) {
    if (outbox_broken(publish->outbox, batch->after.lane)) {
        return false;
    }
    char text[SOURCE_MAX];
    struct slice source = name_source(batch->after.lane, text);
    for (size_t i = 0; i < batch->outputs_count; i++) {
        if (send_output(publish, source, batch, &batch->outputs[i]) != OUTBOX_SENT) {
            return false;
        }
    }
    return true;
}

bool publish_tick(const struct publish *publish, uint16_t number) {
    const struct leg tick = {.kind = LEG_TICK, .origin = number, .step = STEP_TICK};
    struct outbox_message message = {
        .topic = OUTBOX_COMMANDS,
        .partition = number,
        .key = {.at = NULL, .len = 0},
        .value = {.at = (const uint8_t *)"", .len = 0},
    };
    struct slice untraced = {.at = NULL, .len = 0};
    return send_sealed(publish, number, &tick, &message, untraced) == OUTBOX_SENT;
}
