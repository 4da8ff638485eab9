#include "consumer/adapters/http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTIONS_MAX 16
#define IDLE_S 5
#define ADDRESS_MAX 64

struct http_server {
    struct MHD_Daemon *daemon;
    http_page_fn *page;
    void *context;
};

static enum MHD_Result reply(struct MHD_Connection *connection, const struct http_page *page) {
    struct MHD_Response *response =
        MHD_create_response_from_buffer(page->body->len, page->body->text, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, page->content_type);
    enum MHD_Result queued = MHD_queue_response(connection, page->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* The parameters are libmicrohttpd's (MHD_AccessHandlerCallback). */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request) {
    const struct http_server *server = context;
    struct strbuf body = STRBUF_INIT;
    struct http_page page = {404, "text/plain; charset=utf-8", &body};
    (void)version;
    (void)upload;
    (void)upload_size;
    (void)request;
    if (strcmp(method, MHD_HTTP_METHOD_GET) == 0) {
        server->page(server->context, url, &page);
    } else {
        page.status = MHD_HTTP_METHOD_NOT_ALLOWED;
    }
    if (page.status != 200 && body.len == 0) {
        strbuf_add_text(&body, "nothing here\n");
    }
    enum MHD_Result queued = body.failed ? MHD_NO : reply(connection, &page);
    strbuf_close(&body);
    return queued;
}

static bool parse_address(const char *text, struct sockaddr_in *address, struct err *err) {
    char host[ADDRESS_MAX];
    const char *colon = strrchr(text, ':');
    char *end = NULL;
    long port = colon == NULL ? 0 : strtol(colon + 1, &end, 10);
    size_t len = colon == NULL ? 0 : (size_t)(colon - text);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_ANY)}};
    if (port < 1 || port > 65535 || *end != '\0' || len >= sizeof host) {
        return err_set(err, ERR_USAGE, "--http: not ADDRESS:PORT: %s", text);
    }
    memcpy(host, text, len);
    host[len] = '\0';
    address->sin_port = htons((uint16_t)port);
    if (len > 0 && inet_pton(AF_INET, host, &address->sin_addr) != 1) {
        return err_set(err, ERR_USAGE, "--http: not an IPv4 address: %s", host);
    }
    return true;
}

struct http_server *http_server_new(const char *address, http_page_fn *page, void *context,
                                    struct err *err) {
    struct sockaddr_in at;
    if (!parse_address(address, &at, err)) {
        return NULL;
    }
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        (void)err_set(err, ERR_UNREACHABLE, "out of memory");
        return NULL;
    }
    server->page = page;
    server->context = context;
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL, answer, server,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    if (server->daemon == NULL) {
        (void)err_set(err, ERR_USAGE, "--http: cannot listen on %s", address);
        free(server);
        return NULL;
    }
    return server;
}

void http_server_free(struct http_server *server) {
    if (server != NULL) {
        MHD_stop_daemon(server->daemon);
        free(server);
    }
}
