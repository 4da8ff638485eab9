/* Client processes that compete: started together, let go round by round, heard to the end, with
 * the database watched meanwhile. */
#ifndef TELLER_TESTS_HARNESS_PACK_H
#define TELLER_TESTS_HARNESS_PACK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/strbuf.h"
#include "tests/harness/protocol.h"

#define PACK_CLIENTS_MAX 64

/* Called every few milliseconds while clients are busy. */
typedef void pack_watch(void *context);

struct pack_member {
    int socket;         /* the parent's end; -1: closed */
    pid_t pid;          /* 0: somebody else's child */
    struct strbuf said; /* since the last GO */
};

struct pack {
    int count;
    int rounds_left;
    struct pack_member members[PACK_CLIENTS_MAX];
    int client_sockets[PACK_CLIENTS_MAX]; /* the clients' ends, until they have been handed on */
};

void pack_open(struct pack *pack, int clients, int rounds);

/* Lets `run` live in a process of its own: it gets its number and its socket, and ends with it. */
void pack_fork(struct pack *pack, int client, void (*run)(void *context, int client, int socket),
               void *context);

/* Closes the clients' ends here, once all clients have theirs. */
void pack_hand_over(struct pack *pack);

/* Until every client has reported and ended; aborts if one dies or says nothing for a minute. */
void pack_drive(struct pack *pack, pack_watch *watch, void *context);

/* What a client reported; valid until pack_close. */
struct protocol_head pack_head(const struct pack *pack, int client);
const struct protocol_record *pack_records(const struct pack *pack, int client);

void pack_close(struct pack *pack);

#endif
