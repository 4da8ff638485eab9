/* A client's side of protocol.h: it waits to be let go, keeps a record of each request and sends
 * them all at its end. Serves the process that pack_fork has made. */
#ifndef TELLER_TESTS_HARNESS_REPORTER_H
#define TELLER_TESTS_HARNESS_REPORTER_H

#include <stddef.h>
#include <stdint.h>

#include "tests/harness/protocol.h"

/* Records as they come; grows. The caller frees records. */
struct reporter_log {
    struct protocol_record *records;
    size_t count;
    size_t room;
};

void reporter_add(struct reporter_log *log, int64_t latency_us, enum protocol_answer answer,
                  uint32_t retries);

/* Says READY and waits for GO. */
void reporter_await_go(int socket);

/* Sends the report of a client whose first round began then and whose last one ends now. */
void reporter_send(int socket, int64_t began_us, const struct reporter_log *log);

#endif
