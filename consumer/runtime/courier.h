/* The outbox and the thread that serves it, replaced together when the producer dies.
 *
 * Writers use the outbox of the lanes that they hold; it is replaced only while nobody holds one,
 * so that a pointer to it stays good from NOTICE_HOLD until the lane is given back. */
#ifndef TELLER_RUNTIME_COURIER_H
#define TELLER_RUNTIME_COURIER_H

#include <stdbool.h>

#include "common/err.h"
#include "consumer/adapters/outbox.h"

struct courier;

/* Makes the outbox, waits a moment for it to be warm and starts its thread. *options is copied,
 * what it points to must outlive the courier. NULL: *err says why. */
struct courier *courier_new(const struct outbox_options *options, struct err *err);

/* Ends the thread and gives up what is not acknowledged. */
void courier_free(struct courier *courier);

struct outbox *courier_outbox(const struct courier *courier);

/* A new outbox in place of a dead one, while no lane is in anybody's hands. False: *err says why,
 * and the old one is still there. */
bool courier_renew(struct courier *courier, struct err *err);

#endif
