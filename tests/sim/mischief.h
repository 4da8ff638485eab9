/* What clients get wrong, and what attackers try. */
#ifndef TELLER_SIM_MISCHIEF_H
#define TELLER_SIM_MISCHIEF_H

#include "tests/sim/clients.h"

/* By dice: sends one record that is wrong in some way. False: not this time. */
bool mischief_send(struct clients *clients);

#endif
