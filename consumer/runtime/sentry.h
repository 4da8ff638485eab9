/* Looks every half minute whether the topics are still those of the ledger: a partition count that
 * grew, a topic that was made anew with other settings, another cluster. Clients would then send
 * records to where nobody applies them, so the worker must stop and say so. */
#ifndef TELLER_RUNTIME_SENTRY_H
#define TELLER_RUNTIME_SENTRY_H

#include <stdbool.h>

#include "common/err.h"
#include "consumer/adapters/topics.h"

#define SENTRY_LOOKS 2 /* bad ones in a row: a broker that just starts may know no topic yet */

/* Counts what a look was answered (ERR_NONE: all is well). True: it is an alarm. A broker that is
 * silent says nothing, neither way. */
bool sentry_note(int *bad, enum err_kind answer);

struct sentry;

/* Starts the thread. What is given outlives the sentry. */
struct sentry *sentry_new(const struct kafka_settings *kafka, const struct topic_names *topics,
                          const struct topics_expected *expected);

/* Ends the thread, within seconds where no broker answers; takes NULL. */
void sentry_free(struct sentry *sentry);

/* True: the topics are not the ledger's any more (*err, ERR_OPERATOR). Any thread. */
bool sentry_alarm(struct sentry *sentry, struct err *err);

#endif
