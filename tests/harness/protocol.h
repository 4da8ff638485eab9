/* What a client process and its parent say to each other over one socket, whatever the client is
 * written in: at the beginning of each round the client sends READY and waits for GO; behind the
 * last round it sends a head and its records, and ends. Native byte order, no padding: the same
 * machine. pack_client.py knows this layout too. */
#ifndef TELLER_TESTS_HARNESS_PROTOCOL_H
#define TELLER_TESTS_HARNESS_PROTOCOL_H

#include <stdint.h>

#define PROTOCOL_READY 'R'
#define PROTOCOL_GO 'G'

struct protocol_head {
    int64_t began_us; /* monotonic clock, common to all processes */
    int64_t ended_us;
    int64_t cpu_us; /* of the process, since it was forked */
    int64_t count; /* records */
};

/* What a user of the service saw; the order is that of the file format. */
enum protocol_answer {
    ANSWER_DONE,    /* "done" */
    ANSWER_REFUSED, /* a rule said no, and nothing changed */
    ANSWER_ERROR,   /* an error page */
};

/* The i-th request of the client's script (which begins again at its end). */
struct protocol_record {
    uint32_t latency_us;
    uint16_t answer;
    uint16_t retries;
};

#endif
