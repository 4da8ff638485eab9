#include "tests/sim/clients.h"

#include "common/check.h"
#include "common/command_json.h"
#include "common/partition.h"
#include "tests/sim/draft.h"
#include "tests/sim/mischief.h"

int64_t clients_stamp(const struct clients *clients) {
    uint64_t dice = prng_below(clients->prng, 8);
    return clients->now_ms - (dice == 0 ? (int64_t)prng_below(clients->prng, 3000) : 0);
}

int64_t clients_gap(const struct clients *clients) {
    return prng_below(clients->prng, 6) == 0 ? (int64_t)prng_below(clients->prng, 4) : 0;
}

void clients_append(struct clients *clients, const struct command *command) {
    uint16_t lane = partition_of(command->entity.text, command->entity.len, clients->lanes);
    struct tape *tape = &clients->tapes[lane];
    strbuf_reset(clients->text);
    command_encode(command, clients->text);
    struct slice key = {(const uint8_t *)command->entity.text, command->entity.len};
    struct slice value = {(const uint8_t *)clients->text->text, clients->text->len};
    struct tape_record *record =
        tape_append(tape, TAPE_COMMAND, clients_stamp(clients), clients_gap(clients), key, value);
    record->command = *command;
    CHECK(command->members_count <= TAPE_MEMBERS_MAX);
    for (size_t i = 0; i < command->members_count; i++) {
        record->members[i] = command->members[i];
    }
    record->command.members = record->members;
    record->command.memo = (struct slice){NULL, 0};
}

void clients_send(struct clients *clients) {
    for (uint16_t i = 0; i < clients->lanes; i++) {
        if (tape_is_full(&clients->tapes[i])) {
            return;
        }
    }
    if (mischief_send(clients)) {
        return;
    }
    struct command_member members[TAPE_MEMBERS_MAX];
    struct command command = {.members = members};
    draft_command(clients, &command, members);
    clients_append(clients, &command);
}

void clients_settle_in(struct clients *clients) {
    struct command command;
    for (uint32_t i = 0; i < DRAFT_ACCOUNTS; i++) {
        if (prng_below(clients->prng, 8) != 0) {
            draft_opening(clients, i, &command);
            clients_append(clients, &command);
        }
        if (prng_below(clients->prng, 5) != 0) {
            draft_funding(clients, i, &command);
            clients_append(clients, &command);
        }
    }
    for (uint32_t i = 0; i < DRAFT_PRODUCTS; i++) {
        if (prng_below(clients->prng, 8) != 0) {
            draft_product(clients, i, &command);
            clients_append(clients, &command);
        }
    }
}
