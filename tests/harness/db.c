#include "tests/harness/db.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/harness/must.h"

PGconn *db_open(const char *conninfo) {
    PGconn *conn = PQconnectdb(conninfo);
    must(PQstatus(conn) == CONNECTION_OK, "%s: %s", conninfo, PQerrorMessage(conn));
    return conn;
}

void db_exec(PGconn *conn, const char *sql) {
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    must(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s: %s", sql,
         PQerrorMessage(conn));
    PQclear(result);
}

PGresult *db_query(PGconn *conn, const char *sql) {
    PGresult *result = PQexec(conn, sql);
    must(PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s", sql, PQerrorMessage(conn));
    return result;
}

int64_t db_int(PGconn *conn, const char *sql, int64_t missing) {
    PGresult *result = db_query(conn, sql);
    must(PQntuples(result) <= 1, "%s: %d rows", sql, PQntuples(result));
    int64_t number = missing;
    if (PQntuples(result) == 1 && !PQgetisnull(result, 0, 0)) {
        number = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    }
    PQclear(result);
    return number;
}

void db_text(PGconn *conn, const char *sql, char *text, size_t size) {
    PGresult *result = db_query(conn, sql);
    snprintf(text, size, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
}
