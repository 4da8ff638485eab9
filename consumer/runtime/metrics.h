/* What the worker tells about itself over HTTP, read from the board: /metrics (Prometheus text
 * format 0.0.4), /livez (the supervisor's loop turns) and /readyz (every lane that should be ours
 * is applied; the reasons why not as JSON). */
#ifndef TELLER_RUNTIME_METRICS_H
#define TELLER_RUNTIME_METRICS_H

#include "consumer/adapters/http.h"
#include "consumer/runtime/board.h"

/* An http_page_fn; context is the struct board. */
void metrics_page(void *board, const char *path, struct http_page *page);

#endif
