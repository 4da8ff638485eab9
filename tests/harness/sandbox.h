/* Where broker and database of a test are: the shared sandbox that make has started, or a private
 * one in a directory of its own, for tests that kill servers. */
#ifndef TELLER_TESTS_HARNESS_SANDBOX_H
#define TELLER_TESTS_HARNESS_SANDBOX_H

#define SANDBOX_TEXT_MAX 512

struct sandbox {
    char dir[SANDBOX_TEXT_MAX];
    char brokers[SANDBOX_TEXT_MAX];
    char db[SANDBOX_TEXT_MAX];       /* conninfo of the worker's role */
    char db_admin[SANDBOX_TEXT_MAX]; /* of a superuser */
    char db_tcp[SANDBOX_TEXT_MAX];   /* of the worker's role, by TCP */
};

/* From the variables of .sandbox/env. */
void sandbox_shared(struct sandbox *sandbox);

/* Starts broker and database in $TELLER_SANDBOX/name, or finds them running. */
void sandbox_up(struct sandbox *sandbox, const char *name);

/* Stops a private one and removes its data. */
void sandbox_down(struct sandbox *sandbox);

/* Runs tests/sandbox/SCRIPT on a private one: "pg-start", "kafka-start". */
void sandbox_script(const struct sandbox *sandbox, const char *script);

/* SIGKILL to the broker, or to the postmaster (whose children end by themselves). */
void sandbox_kill_broker(const struct sandbox *sandbox);
void sandbox_kill_database(const struct sandbox *sandbox);

#endif
