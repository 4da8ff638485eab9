/* A real Redis for one test: on a Unix socket only, without persistence. */
#ifndef TELLER_TESTS_HARNESS_REDIS_SERVER_H
#define TELLER_TESTS_HARNESS_REDIS_SERVER_H

#include "tests/harness/process.h"

#define REDIS_SERVER_PATH_MAX 64 /* a socket's path must be short */

struct redis_server {
    struct process process;
    char socket[REDIS_SERVER_PATH_MAX];
};

/* Its socket lies in `directory`. It answers on return. */
void redis_server_start(struct redis_server *redis, const char *directory);
void redis_server_stop(struct redis_server *redis);

#endif
