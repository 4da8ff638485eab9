/* The worker's own small HTTP server: GET only, no state, bounded in connections and time, so that
 * a slow reader costs the worker nothing. libmicrohttpd runs it in a thread of its own. */
#ifndef TELLER_ADAPTERS_HTTP_H
#define TELLER_ADAPTERS_HTTP_H

#include "common/err.h"
#include "common/strbuf.h"

struct http_server;

/* What a page is: status (200, 503, ...), type and body, to be filled by the page function. */
struct http_page {
    unsigned status;
    const char *content_type;
    struct strbuf *body;
};

/* Fills *page for `path`; leaves status 404 where there is nothing. Runs on the server's thread. */
typedef void http_page_fn(void *context, const char *path, struct http_page *page);

/* Listens on "ADDRESS:PORT" ("" or "0.0.0.0": every IPv4 address). NULL: *err says why, ERR_USAGE
 * for a bad address. */
struct http_server *http_server_new(const char *address, http_page_fn *page, void *context,
                                    struct err *err);

/* Ends the thread; takes NULL. */
void http_server_free(struct http_server *server);

#endif
