/* Commands as clients think them up: valid in themselves, and about things that mostly exist. */
#ifndef TELLER_SIM_DRAFT_H
#define TELLER_SIM_DRAFT_H

#include "tests/sim/clients.h"

#define DRAFT_ACCOUNTS 12
#define DRAFT_PRODUCTS 3

/* members: room for TAPE_MEMBERS_MAX. */
void draft_command(struct clients *clients, struct command *command,
                   struct command_member *members);

void draft_opening(struct clients *clients, uint32_t account, struct command *command);
void draft_funding(struct clients *clients, uint32_t account, struct command *command);
void draft_product(struct clients *clients, uint32_t product, struct command *command);

/* A record of the past, of any lane, picked by dice; NULL: there is none yet. */
const struct tape_record *draft_pick_past(struct clients *clients);

#endif
