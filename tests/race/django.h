/* Starts the clients that are written in Django. */
#ifndef TELLER_TESTS_RACE_DJANGO_H
#define TELLER_TESTS_RACE_DJANGO_H

#include "tests/harness/pack.h"
#include "tests/race/bout.h"

/* One Python that forks all clients of the pack, so that Django is loaded once. */
void django_start(struct process *python, struct ground *ground, const struct bout_plan *plan,
                  const struct pack *pack, const struct script *scripts);

/* Waits for its end, behind pack_drive. */
void django_end(struct process *python, struct ground *ground);

#endif
