#include "tests/sim/mischief.h"

#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/partition.h"
#include "tests/sim/draft.h"

static struct slice bytes_of(const char *text) {
    return (struct slice){(const uint8_t *)text, strlen(text)};
}

static struct tape_record *append(struct clients *clients, uint16_t lane, enum tape_kind kind,
                                  struct slice key, struct slice value) {
    return tape_append(&clients->tapes[lane], kind, clients_stamp(clients), clients_gap(clients),
                       key, value);
}

static uint16_t lane_of(const struct clients *clients, const struct ident *entity) {
    return partition_of(entity->text, entity->len, clients->lanes);
}

static const struct tape_record *past(struct clients *clients, enum tape_kind kind) {
    for (int i = 0; i < 16; i++) {
        const struct tape_record *record = draft_pick_past(clients);
        if (record != NULL && record->kind == kind) {
            return record;
        }
    }
    return NULL;
}

/* A client that did not hear the answer sends the same again. */
static bool send_again(struct clients *clients) {
    const struct tape_record *record = past(clients, TAPE_COMMAND);
    if (record != NULL) {
        struct command command = record->command;
        clients_append(clients, &command);
    }
    return record != NULL;
}

/* The id of another command: a conflict in its own lane, and nobody's business in another. */
static bool send_borrowed_id(struct clients *clients) {
    const struct tape_record *record = past(clients, TAPE_COMMAND);
    if (record == NULL) {
        return false;
    }
    struct uuid id = record->command.id;
    struct command_member members[TAPE_MEMBERS_MAX];
    struct command command = {.members = members};
    draft_command(clients, &command, members);
    command.id = id;
    clients_append(clients, &command);
    return true;
}

/* Two clients with one id, and the same account or product on the other side: only the origin tells
 * their legs apart. */
static bool send_twin(struct clients *clients) {
    const struct tape_record *record = past(clients, TAPE_COMMAND);
    if (record == NULL || (record->command.to.len == 0 && record->command.product.len == 0)) {
        return false;
    }
    struct command command = record->command;
    char name[16];
    snprintf(name, sizeof name, "a%u", (unsigned)prng_below(clients->prng, DRAFT_ACCOUNTS));
    CHECK(ident_parse(name, strlen(name), &command.entity));
    if (command.type != COMMAND_TRANSFER && command.type != COMMAND_PURCHASE &&
        command.type != COMMAND_SUBSCRIBE) {
        return false;
    }
    clients_append(clients, &command);
    return true;
}

struct bad_record {
    const char *value; /* NULL: a tombstone */
    const char *key;
    enum outcome reason;
};

static const struct bad_record bad_records[] = {
    {"{", "a0", OUTCOME_MALFORMED},
    {NULL, "a1", OUTCOME_MALFORMED},
    {"[1]", "a1", OUTCOME_MALFORMED},
    {"{\"v\":2,\"type\":\"deposit\"}", "a2", OUTCOME_UNSUPPORTED_VERSION},
    {"{\"v\":1,\"type\":\"gift\"}", "a3", OUTCOME_UNKNOWN_TYPE},
    {"{\"v\":1,\"type\":\"deposit\",\"id\":\"00000000-0001-7000-8000-000000000001\","
     "\"account\":\"a4\",\"amount\":1.5}",
     "a4", OUTCOME_INVALID_FIELD},
};

static bool send_bad(struct clients *clients) {
    const struct bad_record *bad =
        &bad_records[prng_below(clients->prng, sizeof bad_records / sizeof *bad_records)];
    uint16_t lane = partition_of(bad->key, strlen(bad->key), clients->lanes);
    struct slice value = {NULL, 0};
    if (bad->value != NULL) {
        value = bytes_of(bad->value);
    }
    append(clients, lane, TAPE_POISON, bytes_of(bad->key), value)->reason = bad->reason;
    return true;
}

/* A good command under another key, or in another lane. */
static bool send_misrouted(struct clients *clients) {
    const struct tape_record *record = past(clients, TAPE_COMMAND);
    uint16_t lane = (uint16_t)prng_below(clients->prng, clients->lanes);
    if (record == NULL) {
        return false;
    }
    bool elsewhere = lane != lane_of(clients, &record->command.entity);
    struct slice key = elsewhere ? record->record.key : bytes_of("someone");
    append(clients, lane, TAPE_POISON, key, record->record.value)->reason = OUTCOME_MISROUTED;
    return true;
}

/* The same leg in its own lane once more: it is authentic, and was taken before. */
static bool replay_leg(struct clients *clients, const struct tape_record *leg) {
    uint16_t lane = leg->leg.partition;
    struct tape_record *copy = append(clients, lane, TAPE_LEG, leg->record.key, leg->record.value);
    copy->leg = leg->leg;
    memcpy(copy->envelope, leg->envelope, sizeof copy->envelope);
    copy->record.leg = (struct slice){copy->envelope, LEG_ENVELOPE_LEN};
    return true;
}

/* A worker's leg with a digit, a bit of the envelope, or the lane changed. */
static bool forge_leg(struct clients *clients, const struct tape_record *leg) {
    uint16_t lane = leg->leg.partition;
    uint64_t how = prng_below(clients->prng, 3);
    if (how == 0 && clients->lanes > 1) {
        lane = (uint16_t)((lane + 1) % clients->lanes);
    }
    struct tape_record *copy =
        append(clients, lane, TAPE_FORGED, leg->record.key, leg->record.value);
    memcpy(copy->envelope, leg->envelope, sizeof copy->envelope);
    copy->record.leg = (struct slice){copy->envelope, LEG_ENVELOPE_LEN};
    char *amount = strstr(copy->value, "\"amount\":");
    if (how == 1 && amount != NULL && amount < copy->value + copy->record.value.len) {
        amount[9] = amount[9] == '9' ? '8' : '9';
    } else if (lane == leg->leg.partition) {
        copy->envelope[39] ^= 1; /* of another origin: it would count as new */
    }
    copy->reason = OUTCOME_FORGED_LEG;
    return true;
}

static bool meddle_with_leg(struct clients *clients) {
    const struct tape_record *leg = past(clients, TAPE_LEG);
    if (leg == NULL) {
        return false;
    }
    return prng_below(clients->prng, 2) == 0 ? replay_leg(clients, leg) : forge_leg(clients, leg);
}

bool mischief_send(struct clients *clients) {
    switch (prng_below(clients->prng, 24)) {
    case 0:
    case 1: return send_again(clients);
    case 2: return send_borrowed_id(clients);
    case 3: return send_twin(clients);
    case 4: return send_bad(clients);
    case 5: return send_misrouted(clients);
    case 6:
    case 7: return meddle_with_leg(clients);
    default: return false;
    }
}
