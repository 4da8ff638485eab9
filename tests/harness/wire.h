/* Just enough of PostgreSQL's protocol (chapter 55.7, message formats) to tell, from what a client
 * sends, where its transaction commits. */
#ifndef TELLER_TESTS_HARNESS_WIRE_H
#define TELLER_TESTS_HARNESS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_NAMES_MAX 8
#define WIRE_NAME_MAX 64

/* Prepared statements of one kind. */
struct wire_names {
    char names[WIRE_NAMES_MAX][WIRE_NAME_MAX];
    int count;
};

struct wire {
    bool is_started;    /* the startup message, which has no type, has passed */
    bool has_advanced;  /* the fence was sent in the open transaction */
    bool has_begun;     /* by BEGIN; else the Sync ends an implicit transaction */
    int64_t awaited;    /* ReadyForQuery messages that the server owes */
    struct wire_names begin;
    struct wire_names commit;
    struct wire_names advance;
};

enum wire_verdict {
    WIRE_OTHER,
    WIRE_COMMIT,        /* asks for the commit of a batch; more belongs to it */
    WIRE_COMMIT_FLUSH,  /* the same, and the server now carries it out */
};

/* Length of the message at the beginning of the bytes; 0: not complete yet. */
size_t wire_client_message(const struct wire *wire, const uint8_t *bytes, size_t len);
size_t wire_server_message(const uint8_t *bytes, size_t len);

/* Looks at one complete message from the client, of that length. */
enum wire_verdict wire_client(struct wire *wire, const uint8_t *message, size_t len);

/* Looks at one from the server: true where nothing is owed to the client any more. */
bool wire_server(struct wire *wire, const uint8_t *message);

#endif
