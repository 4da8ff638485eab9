/* A lock in Redis, as services take one: SET with NX and an expiry, asked again until it is free,
 * let go by a script that looks at the token first (Redis, "Distributed Locks with Redis"). */
#ifndef TELLER_TESTS_RACE_REDIS_LOCK_H
#define TELLER_TESTS_RACE_REDIS_LOCK_H

#include <stdbool.h>

struct redis_lock;

/* Connects by a Unix socket; aborts if it cannot. */
struct redis_lock *redis_lock_new(const char *path);
void redis_lock_free(struct redis_lock *lock); /* takes NULL */

/* Waits until the row's lock is ours. False: not within some seconds. */
bool redis_lock_take(struct redis_lock *lock, int row);

/* False: it had expired, so somebody else may have been inside too. */
bool redis_lock_give(struct redis_lock *lock, int row);

#endif
