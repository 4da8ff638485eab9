/* A simulated ledger: the real lane machines on modelled logs and stores, in the hands of
 * workers that crash, stall, lose answers and come back as zombies. Everything that happens
 * follows from one seed. The oracle knows what is right; the first thing that is not ends the
 * run. */
#ifndef TELLER_SIM_SIM_H
#define TELLER_SIM_SIM_H

#include <stdio.h>

#include "tests/sim/clients.h"
#include "tests/sim/oracle.h"

#define SIM_ACTORS 3
#define SIM_QUEUE_MAX 24
#define SIM_PARCELS_MAX 512
#define SIM_FAILURE_MAX 512

/* Something that a worker has to say, or a mark: all that came before is said. */
enum parcel_kind { PARCEL_RESULT, PARCEL_DEAD_LETTER, PARCEL_LEG, PARCEL_MARK };

struct parcel {
    enum parcel_kind kind;
    bool is_sent;
    size_t record;          /* RESULT, DEAD_LETTER: index in the tape of its lane */
    enum outcome outcome;   /* RESULT */
    struct leg_message leg; /* LEG */
    int64_t offset;         /* MARK */
};

/* A record on its way from the log to the machine. */
struct fetched {
    size_t index;
    uint64_t tenure;
};

/* One lane, as one worker sees it. */
struct seat {
    struct lane *machines[CLIENTS_LANES_MAX]; /* by number of lanes - 1; made once */
    struct lane *lane;
    bool is_held; /* as far as the worker knows */
    bool is_applied;
    const struct batch *away; /* whose transaction is under way; NULL: none */
    bool is_done;             /* the database has it already, and has not said so yet */
    bool has_landed;          /* a batch is durable, and not yet published */
    int64_t away_to;          /* read_to when it was launched */
    int64_t landed_to;        /* and when that one was */
    uint64_t tenure;
    size_t cursor; /* index in the tape of what is fetched next */
    struct fetched queue[SIM_QUEUE_MAX];
    size_t queue_count;
    int64_t read_to;
    int64_t taken_to; /* behind the last record taken in this tenure; 0: none */
    int64_t published;
    struct parcel parcels[SIM_PARCELS_MAX];
    size_t parcels_count;
};

struct actor {
    struct uuid owner; /* new with every start of the process */
    struct seat seats[CLIENTS_LANES_MAX];
};

struct sim {
    uint64_t seed;
    struct prng prng;
    struct leg_secrets secrets;
    uint16_t lanes;
    bool is_healing;
    struct tape tapes[CLIENTS_LANES_MAX];
    struct memory_store stores[CLIENTS_LANES_MAX];
    struct memory_store backups[CLIENTS_LANES_MAX];
    bool has_backup[CLIENTS_LANES_MAX];
    struct actor actors[SIM_ACTORS];
    struct clients clients;
    struct oracle oracle;
    struct strbuf text;
    FILE *story; /* NULL: nobody listens */
    bool has_failed;
    char failure[SIM_FAILURE_MAX];
};

/* NULL when out of memory. */
struct sim *sim_new(void);
void sim_free(struct sim *sim);

/* Runs one seed from its beginning. False: sim->failure says what was wrong. */
bool sim_run(struct sim *sim, uint64_t seed);

/* ---- for the simulator's own files ---- */

/* True once in `sides` times; never while healing. */
bool sim_chance(struct sim *sim, uint64_t sides);
uint64_t sim_dice(struct sim *sim, uint64_t sides);
void sim_fail(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sim_tell(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
