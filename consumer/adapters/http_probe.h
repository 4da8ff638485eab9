/* Asks a worker's own HTTP server one question, as a container's health check must. */
#ifndef TELLER_ADAPTERS_HTTP_PROBE_H
#define TELLER_ADAPTERS_HTTP_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"

#define HTTP_PROBE_TEXT_MAX 8192 /* the metrics of a few lanes */

struct http_probe {
    int status;                     /* 200, 503, ... */
    char text[HTTP_PROBE_TEXT_MAX]; /* beginning of the body */
};

/* GET `path` of "ADDRESS:PORT" (an empty or any-address is asked on the loopback interface), all of
 * it within about timeout_ms. False: ERR_UNREACHABLE, or ERR_USAGE for a bad address. */
bool http_probe(const char *address, const char *path, int timeout_ms, struct http_probe *out,
                struct err *err);

#endif
