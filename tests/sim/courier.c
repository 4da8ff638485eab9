#include "tests/sim/courier.h"

#include <string.h>

#include "common/check.h"

void courier_begin(struct seat *seat, int64_t published) {
    size_t kept = 0;
    for (size_t i = 0; i < seat->parcels_count; i++) {
        if (seat->parcels[i].kind != PARCEL_MARK && !seat->parcels[i].is_sent) {
            seat->parcels[kept++] = seat->parcels[i];
        }
    }
    seat->parcels_count = kept;
    seat->published = published;
}

static struct parcel *add(struct seat *seat, enum parcel_kind kind) {
    CHECK(seat->parcels_count < SIM_PARCELS_MAX);
    struct parcel *parcel = &seat->parcels[seat->parcels_count++];
    parcel->kind = kind;
    parcel->is_sent = false;
    return parcel;
}

void courier_post(struct sim *sim, struct seat *seat, const struct batch *batch,
                  const struct output *output) {
    const struct record *record = batch_record(batch, output);
    struct parcel *parcel = NULL;
    switch (output->kind) {
    case OUTPUT_RESULT: parcel = add(seat, PARCEL_RESULT); break;
    case OUTPUT_DEAD_LETTER: parcel = add(seat, PARCEL_DEAD_LETTER); break;
    case OUTPUT_LEG:
        parcel = add(seat, PARCEL_LEG);
        parcel->leg = *output->leg;
        break;
    }
    parcel->record = tape_find(&sim->tapes[batch->after.lane], record->offset);
    parcel->outcome = output->outcome;
}

/* Marks that nothing unsent stands before are acknowledged. */
static void acknowledge(struct seat *seat) {
    size_t done = 0;
    while (done < seat->parcels_count && seat->parcels[done].is_sent) {
        if (seat->parcels[done].kind == PARCEL_MARK &&
            seat->parcels[done].offset > seat->published) {
            seat->published = seat->parcels[done].offset;
        }
        done++;
    }
    seat->parcels_count -= done;
    memmove(seat->parcels, seat->parcels + done, seat->parcels_count * sizeof seat->parcels[0]);
}

void courier_mark(struct seat *seat, int64_t offset) {
    struct parcel *parcel = add(seat, PARCEL_MARK);
    parcel->is_sent = true;
    parcel->offset = offset;
    acknowledge(seat);
}

static void append_leg(struct sim *sim, const struct leg_message *message) {
    const struct leg_body *body = &message->body;
    strbuf_reset(&sim->text);
    leg_body_encode(body, &sim->text);
    struct slice key = {(const uint8_t *)body->target.text, body->target.len};
    struct slice value = {(const uint8_t *)sim->text.text, sim->text.len};
    struct tape_record *record =
        tape_append(&sim->tapes[message->partition], TAPE_LEG, clients_stamp(&sim->clients),
                    clients_gap(&sim->clients), key, value);
    record->leg = *message;
    tape_sign(record, &message->leg, &sim->secrets, message->partition);
}

static void send_leg(struct sim *sim, const struct leg_message *message) {
    struct oracle_leg *expected = oracle_find_leg(&sim->oracle, message);
    if (expected == NULL || tape_is_full(&sim->tapes[message->partition])) {
        sim_fail(sim, expected == NULL ? "a leg that nobody expects" : "the tape is full");
        return;
    }
    expected->is_sent = true;
    append_leg(sim, message);
    if (sim_chance(sim, 12) && !tape_is_full(&sim->tapes[message->partition])) {
        append_leg(sim, message);
    }
}

static void send_result(struct sim *sim, const struct parcel *parcel, uint16_t lane) {
    struct oracle_verdict *verdict = &sim->oracle.lane[lane].verdicts[parcel->record];
    verdict->is_answered = true;
    if (verdict->answer == ORACLE_FIRST || verdict->answer == ORACLE_REPEATED ||
        verdict->answer == ORACLE_FINAL) {
        struct oracle_case *told = &sim->oracle.cases[verdict->of];
        told->is_told = told->is_told || parcel->outcome != OUTCOME_PENDING;
    }
}

static void send(struct sim *sim, struct parcel *parcel, uint16_t lane) {
    parcel->is_sent = true;
    switch (parcel->kind) {
    case PARCEL_LEG: send_leg(sim, &parcel->leg); return;
    case PARCEL_RESULT: send_result(sim, parcel, lane); return;
    case PARCEL_DEAD_LETTER:
        sim->oracle.lane[lane].verdicts[parcel->record].is_buried = true;
        return;
    case PARCEL_MARK: return;
    }
}

bool courier_deliver(struct sim *sim, struct seat *seat, uint16_t lane) {
    if (seat->parcels_count == 0) {
        return false;
    }
    size_t at = sim->is_healing ? 0 : sim_dice(sim, seat->parcels_count);
    while (at < seat->parcels_count && seat->parcels[at].is_sent) {
        at++;
    }
    if (at < seat->parcels_count) {
        send(sim, &seat->parcels[at], lane);
    }
    acknowledge(seat);
    return true;
}

void courier_tick(struct sim *sim, uint16_t lane) {
    const struct leg tick = {.kind = LEG_TICK, .origin = lane, .step = STEP_TICK};
    const struct slice none = {NULL, 0};
    const struct slice empty = {(const uint8_t *)"", 0};
    if (!tape_is_full(&sim->tapes[lane])) {
        struct tape_record *record =
            tape_append(&sim->tapes[lane], TAPE_TICK, clients_stamp(&sim->clients),
                        clients_gap(&sim->clients), none, empty);
        tape_sign(record, &tick, &sim->secrets, lane);
    }
}
