#include "tests/bench/peers/statement.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/harness/must.h"

#define OID_BIGINT 20
#define OID_UUID 2950
#define DIGITS 24

void statement_prepare(PGconn *conn, const char *name, const char *sql, int numbers) {
    Oid types[1 + STATEMENT_NUMBERS_MAX] = {OID_UUID};
    must(numbers <= STATEMENT_NUMBERS_MAX, "%s has too many parameters", name);
    for (int i = 1; i <= numbers; i++) {
        types[i] = OID_BIGINT;
    }
    PGresult *result = PQprepare(conn, name, sql, 1 + numbers, types);
    must(PQresultStatus(result) == PGRES_COMMAND_OK, "%s: %s", name, PQerrorMessage(conn));
    PQclear(result);
}

PGresult *statement_run(PGconn *conn, const char *name, const char *id, const int64_t *numbers,
                        int count) {
    char texts[STATEMENT_NUMBERS_MAX][DIGITS];
    const char *values[1 + STATEMENT_NUMBERS_MAX] = {id};
    for (int i = 0; i < count; i++) {
        (void)snprintf(texts[i], DIGITS, "%" PRId64, numbers[i]);
        values[1 + i] = texts[i];
    }
    PGresult *result = PQexecPrepared(conn, name, 1 + count, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    must(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s: %s", name,
         PQerrorMessage(conn));
    return result;
}

int64_t statement_number(const PGresult *row, int column) {
    must(PQntuples(row) == 1, "%d rows", PQntuples(row));
    return strtoll(PQgetvalue(row, 0, column), NULL, 10);
}
