/* One command at a time: the next is sent when the last is answered. That is no latency at a rate,
 * and not called so: it is how fast a caller gets on that waits for each answer. Beside it its
 * floor: a record that is acknowledged, fetched, and leads to one small transaction. */
#include <stdlib.h>

#include "common/rt/clock.h"
#include "tests/bench/client.h"
#include "tests/bench/meter.h"
#include "tests/bench/row.h"
#include "tests/bench/subject.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"

#define TURN_MS 30000
#define TAKE_MS 100

/* Waits for the answer to the command that was just sent. */
typedef void take_turn(struct client *client, int64_t deadline_ms);

/* In one statement, which is its own transaction. $1: lane. */
#define SMALL_TRANSACTION                                                                          \
    "WITH moved AS (UPDATE teller.lane SET next_offset = next_offset + 1 WHERE lane = $1),"        \
    " changed AS (UPDATE teller.account SET balance = balance + 1, version = version + 1"          \
    " WHERE number = 1 AND lane = $1)"                                                             \
    " INSERT INTO teller.journal (log_offset, at, account_number, amount, held_delta, balance,"    \
    " held, version, step, origin, lane, type, outcome, command_id, hash) VALUES (0, now(), 1, 1," \
    " 0, 1, 0, 1, 0, $1, $1, 1, 1, gen_random_uuid(), '\\x00')"

#define OPEN_ACCOUNTS                                                                              \
    "INSERT INTO teller.account (number, balance, held, floor, ceiling, version, last_id,"         \
    " last_step, last_origin, lane, state, id, currency) SELECT 1, 0, 0, 0, 1000000000, 1,"        \
    " gen_random_uuid(), 0, lane, lane, 1, 'acc-' || lane, 'KRW' FROM teller.lane"

static void take_result(struct client *client, int64_t deadline_ms) {
    size_t before = atomic_load(&client->flight->answered);
    while (atomic_load(&client->flight->answered) == before) {
        must(clock_monotonic_ms() < deadline_ms, "a turn is not answered");
        client_take(client, TAKE_MS);
        client_serve(client, 0);
    }
}

struct floor_client {
    struct client client; /* first: take_turn gets it; its consumer reads the commands */
    PGconn *db;
    int64_t turns;
};

static void apply_one(struct floor_client *floor, int32_t lane) {
    char text[16];
    const char *const values[] = {text};
    snprintf(text, sizeof text, "%d", (int)lane);
    PGresult *result = PQexecPrepared(floor->db, "small", 1, values, NULL, NULL, 0);
    must(PQresultStatus(result) == PGRES_COMMAND_OK, "%s", PQerrorMessage(floor->db));
    PQclear(result);
    floor->turns++;
}

static void wait_accepted(struct client *client, int64_t deadline_ms) {
    size_t sent = client->flight->accepted + 1;
    while (client->flight->accepted < sent) {
        must(clock_monotonic_ms() < deadline_ms, "a record is not acknowledged");
        client_serve(client, TAKE_MS);
    }
}

static void fetch_and_apply(struct client *client, int64_t deadline_ms) {
    struct floor_client *floor = (struct floor_client *)client;
    int64_t before = floor->turns;
    wait_accepted(client, deadline_ms);
    while (floor->turns == before) {
        must(clock_monotonic_ms() < deadline_ms, "a record is not fetched");
        rd_kafka_message_t *message = rd_kafka_consumer_poll(client->consumer, TAKE_MS);
        if (message != NULL && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            apply_one(floor, message->partition);
        }
        if (message != NULL) {
            rd_kafka_message_destroy(message);
        }
    }
}

static void take_turns(struct client *client, struct workload *workload, take_turn *turn) {
    struct flight *flight = client->flight;
    flight->begin_us = clock_monotonic_us();
    for (size_t number = 0; number < flight->count; number++) {
        flight->due[number] = flight_now(flight);
        client_send(client, number, workload);
        turn(client, clock_monotonic_ms() + TURN_MS);
        flight->final[number] = flight_now(flight);
    }
}

/* The rate is one of all turns but the first, in which connections are made. */
static void write_turns(const struct plan *plan, const char *system, const struct flight *flight) {
    json_t *row = row_new(plan, system);
    size_t last = flight->count - 1;
    row_rate(row, (int64_t)last, flight->final[last] - flight->final[0]);
    json_object_set_new(row, "turn_us", flight_percentiles(flight, flight->due, flight->final));
    row_write(plan, row);
}

static void measure_worker(const struct plan *plan) {
    struct subject subject;
    struct expect expect;
    struct flight flight;
    struct client client;
    expect_count(plan, &expect);
    subject_open(&subject, plan);
    subject_preload(&subject, 0);
    subject_start(&subject);
    subject_wait(&subject, expect.opening);
    flight_open(&flight, (size_t)plan->commands, false);
    client_open(&client, &subject.ledger, &flight, 0);
    struct workload *workload = expect_opened_workload(plan);
    take_turns(&client, workload, take_result);
    client_close(&client);
    subject_wait(&subject, expect.sent);
    subject_stop(&subject);
    subject_prove(&subject, &expect);
    subject_close(&subject);
    write_turns(plan, "teller", &flight);
    flight_close(&flight);
    free(workload);
}

static void measure_floor(const struct plan *plan) {
    struct subject subject;
    struct flight flight;
    struct floor_client floor = {.turns = 0};
    subject_open(&subject, plan);
    struct ledger reading = subject.ledger;
    snprintf(reading.results, sizeof reading.results, "%s", reading.commands);
    flight_open(&flight, (size_t)plan->commands, false);
    client_open(&floor.client, &reading, &flight, 0);
    floor.db = db_open(subject.ledger.admin);
    db_exec(floor.db, OPEN_ACCOUNTS);
    PQclear(PQprepare(floor.db, "small", SMALL_TRANSACTION, 0, NULL));
    struct workload *workload = expect_opened_workload(plan);
    take_turns(&floor.client, workload, fetch_and_apply);
    PQfinish(floor.db);
    client_close(&floor.client);
    subject_expect(&subject, "SELECT count(*) FROM teller.journal", floor.turns);
    subject_expect(&subject, "SELECT sum(balance)::bigint FROM teller.account", floor.turns);
    subject_close(&subject);
    write_turns(plan, "floor", &flight);
    flight_close(&flight);
    free(workload);
}

void bench_turns(const struct plan *plan) {
    measure_worker(plan);
    measure_floor(plan);
}
