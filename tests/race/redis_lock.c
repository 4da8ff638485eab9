#include "tests/race/redis_lock.h"

#include <hiredis/hiredis.h>
#include <stdlib.h>

#include "common/prng.h"
#include "common/rt/clock.h"
#include "tests/harness/must.h"

#define EXPIRY_MS 10000
#define PATIENCE_MS 10000
#define RETRY_MS_MAX 3 /* a waiter asks again after 1 to 3 ms */

static const char give_script[] = "if redis.call('get', KEYS[1]) == ARGV[1] then "
                                  "return redis.call('del', KEYS[1]) else return 0 end";

struct redis_lock {
    redisContext *redis;
    struct prng prng;
    unsigned long long token; /* of this client */
};

struct redis_lock *redis_lock_new(const char *path) {
    struct redis_lock *lock = calloc(1, sizeof *lock);
    must(lock != NULL, "out of memory");
    lock->redis = redisConnectUnix(path);
    must(lock->redis != NULL && lock->redis->err == 0, "no Redis at %s", path);
    uint64_t seed = 0;
    clock_random(&seed, sizeof seed);
    prng_seed(&lock->prng, seed);
    lock->token = prng_next(&lock->prng);
    return lock;
}

void redis_lock_free(struct redis_lock *lock) {
    if (lock != NULL) {
        redisFree(lock->redis);
        free(lock);
    }
}

static bool try_take(struct redis_lock *lock, int row) {
    redisReply *reply =
        redisCommand(lock->redis, "SET row:%d %llu NX PX %d", row, lock->token, EXPIRY_MS);
    must(reply != NULL, "Redis has gone: %s", lock->redis->errstr);
    bool taken = reply->type == REDIS_REPLY_STATUS;
    freeReplyObject(reply);
    return taken;
}

bool redis_lock_take(struct redis_lock *lock, int row) {
    int64_t deadline = clock_monotonic_ms() + PATIENCE_MS;
    while (!try_take(lock, row)) {
        if (clock_monotonic_ms() >= deadline) {
            return false;
        }
        clock_sleep_ms(1 + (int64_t)prng_below(&lock->prng, RETRY_MS_MAX));
    }
    return true;
}

bool redis_lock_give(struct redis_lock *lock, int row) {
    redisReply *reply =
        redisCommand(lock->redis, "EVAL %s 1 row:%d %llu", give_script, row, lock->token);
    must(reply != NULL, "Redis has gone: %s", lock->redis->errstr);
    bool was_ours = reply->type == REDIS_REPLY_INTEGER && reply->integer == 1;
    freeReplyObject(reply);
    return was_ours;
}
