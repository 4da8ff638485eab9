#include "tests/harness/redis_server.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness/must.h"
#include "tests/harness/wait.h"

#define START_TIMEOUT_MS 20000

static bool has_socket(void *context) {
    const struct redis_server *redis = context;
    struct stat info;
    return stat(redis->socket, &info) == 0;
}

void redis_server_start(struct redis_server *redis, const char *directory) {
    int len = snprintf(redis->socket, sizeof redis->socket, "%s/redis", directory);
    must(len > 0 && (size_t)len < sizeof redis->socket, "%s is too long", directory);
    const char *const argv[] = {"redis-server",  "--port", "0",           "--unixsocket",
                                redis->socket,   "--save", "",            "--appendonly",
                                "no",            "--dir",  directory,     NULL};
    process_start(&redis->process, &(struct process_plan){.argv = argv, .out = "/dev/null"});
    wait_for("Redis", has_socket, redis, START_TIMEOUT_MS);
}

void redis_server_stop(struct redis_server *redis) {
    process_kill(&redis->process);
    (void)unlink(redis->socket);
}
