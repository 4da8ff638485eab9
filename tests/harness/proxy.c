#include "tests/harness/proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/harness/must.h"
#include "tests/harness/wire.h"

#define POLL_MS 20
#define READ_BYTES 65536

struct stream {
    int fd;         /* to read from */
    uint8_t *bytes; /* of messages that are not complete yet */
    size_t len;
    size_t room;
};

struct proxy_pair {
    struct stream client;
    struct stream server;
    struct wire wire;
    bool is_hanging;
    bool cuts_when_answered; /* the COMMIT has been forwarded: its answer must not arrive */
    bool is_dead;
};

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int dial(int port) {
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool send_all(int fd, const uint8_t *bytes, size_t len) {
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return false;
        }
        bytes += sent > 0 ? sent : 0;
        len -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

static bool receive(struct stream *stream) {
    if (stream->room - stream->len < READ_BYTES) {
        stream->room = 2 * stream->room + 2 * READ_BYTES;
        stream->bytes = realloc(stream->bytes, stream->room);
        must(stream->bytes != NULL, "out of memory");
    }
    ssize_t got = recv(stream->fd, stream->bytes + stream->len, READ_BYTES, 0);
    stream->len += got > 0 ? (size_t)got : 0;
    return got > 0;
}

static void consume(struct stream *stream, size_t len) {
    memmove(stream->bytes, stream->bytes + len, stream->len - len);
    stream->len -= len;
}

/* True where this COMMIT is to be struck. */
static bool takes_aim(struct proxy *proxy, enum wire_verdict verdict, enum proxy_fault fault) {
    bool counts = fault == PROXY_CUT_BEFORE || fault == PROXY_HANG
                      ? verdict == WIRE_COMMIT || verdict == WIRE_COMMIT_FLUSH
                      : verdict == WIRE_COMMIT_FLUSH;
    return fault != PROXY_NONE && counts && atomic_load(&proxy->strikes_left) > 0 &&
           atomic_fetch_sub(&proxy->skip, 1) <= 0;
}

static void strike(struct proxy *proxy, struct proxy_pair *pair, enum proxy_fault fault) {
    atomic_fetch_sub(&proxy->strikes_left, 1);
    pair->is_hanging = fault == PROXY_HANG;
    pair->cuts_when_answered = fault == PROXY_CUT_AFTER;
    pair->is_dead = fault == PROXY_CUT_BEFORE || fault == PROXY_CUT_AMID;
}

static void from_client(struct proxy *proxy, struct proxy_pair *pair) {
    struct stream *stream = &pair->client;
    pair->is_dead = !receive(stream);
    size_t done = 0;
    while (!pair->is_dead && !pair->is_hanging) {
        const uint8_t *message = stream->bytes + done;
        size_t len = wire_client_message(&pair->wire, message, stream->len - done);
        if (len == 0) {
            break;
        }
        enum proxy_fault fault = (enum proxy_fault)atomic_load(&proxy->fault);
        bool is_aimed = takes_aim(proxy, wire_client(&pair->wire, message, len), fault);
        bool is_lost = is_aimed && (fault == PROXY_CUT_BEFORE || fault == PROXY_HANG);
        if (!is_lost && !send_all(pair->server.fd, message, len)) {
            pair->is_dead = true;
        }
        if (is_aimed) {
            strike(proxy, pair, fault);
        }
        done += len;
    }
    consume(stream, done);
}

static void from_server(struct proxy_pair *pair) {
    struct stream *stream = &pair->server;
    pair->is_dead = !receive(stream);
    size_t done = 0;
    for (size_t len; !pair->is_dead &&
                     (len = wire_server_message(stream->bytes + done, stream->len - done)) > 0;) {
        const uint8_t *message = stream->bytes + done;
        bool is_answered = wire_server(&pair->wire, message);
        if (pair->cuts_when_answered) {
            pair->is_dead = is_answered;
        } else if (!pair->is_hanging && !send_all(pair->client.fd, message, len)) {
            pair->is_dead = true;
        }
        done += len;
    }
    consume(stream, done);
}

static void close_pair(struct proxy_pair **pair) {
    close((*pair)->client.fd);
    close((*pair)->server.fd);
    free((*pair)->client.bytes);
    free((*pair)->server.bytes);
    free(*pair);
    *pair = NULL;
}

static void accept_client(struct proxy *proxy) {
    int client = accept(proxy->listener, NULL, NULL);
    int server = client >= 0 ? dial(proxy->target_port) : -1;
    size_t i = 0;
    while (i < PROXY_PAIRS_MAX && proxy->pairs[i] != NULL) {
        i++;
    }
    if (server < 0 || i == PROXY_PAIRS_MAX) {
        close(client);
        close(server);
        return;
    }
    proxy->pairs[i] = calloc(1, sizeof *proxy->pairs[i]);
    must(proxy->pairs[i] != NULL, "out of memory");
    proxy->pairs[i]->client.fd = client;
    proxy->pairs[i]->server.fd = server;
}

static void serve(struct proxy *proxy, const struct pollfd *polls) {
    for (size_t i = 0; i < PROXY_PAIRS_MAX; i++) {
        struct proxy_pair *pair = proxy->pairs[i];
        if (pair != NULL && polls[2 * i].revents != 0) {
            from_client(proxy, pair);
        }
        if (pair != NULL && !pair->is_dead && polls[2 * i + 1].revents != 0) {
            from_server(pair);
        }
        if (pair != NULL && pair->is_dead) {
            close_pair(&proxy->pairs[i]);
        }
    }
}

static void *run(void *context) {
    struct proxy *proxy = context;
    struct pollfd polls[2 * PROXY_PAIRS_MAX + 1];
    while (!atomic_load(&proxy->is_over)) {
        if (atomic_load(&proxy->is_frozen)) {
            (void)poll(NULL, 0, POLL_MS);
            continue;
        }
        for (size_t i = 0; i < PROXY_PAIRS_MAX; i++) {
            const struct proxy_pair *pair = proxy->pairs[i];
            polls[2 * i] = (struct pollfd){pair != NULL ? pair->client.fd : -1, POLLIN, 0};
            polls[2 * i + 1] = (struct pollfd){pair != NULL ? pair->server.fd : -1, POLLIN, 0};
        }
        polls[2 * PROXY_PAIRS_MAX] = (struct pollfd){proxy->listener, POLLIN, 0};
        if (poll(polls, 2 * PROXY_PAIRS_MAX + 1, POLL_MS) <= 0) {
            continue;
        }
        serve(proxy, polls);
        if (polls[2 * PROXY_PAIRS_MAX].revents != 0) {
            accept_client(proxy);
        }
    }
    return NULL;
}

static int target_port(const char *conninfo) {
    const char *port = strstr(conninfo, "port=");
    must(port != NULL, "no port in %s", conninfo);
    return (int)strtol(port + strlen("port="), NULL, 10);
}

void proxy_open(struct proxy *proxy, const struct ledger *ledger) {
    *proxy = (struct proxy){.target_port = target_port(ledger->tcp)};
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    proxy->listener = socket(AF_INET, SOCK_STREAM, 0);
    must(bind(proxy->listener, (const struct sockaddr *)&address, size) == 0 &&
             listen(proxy->listener, 16) == 0 &&
             getsockname(proxy->listener, (struct sockaddr *)&address, &size) == 0,
         "no port for the proxy");
    /* Encryption would hide what is looked for. */
    snprintf(proxy->conninfo, sizeof proxy->conninfo,
             "%s port=%d sslmode=disable gssencmode=disable", ledger->tcp,
             (int)ntohs(address.sin_port));
    must(pthread_create(&proxy->thread, NULL, run, proxy) == 0, "no thread");
}

void proxy_close(struct proxy *proxy) {
    atomic_store(&proxy->is_over, true);
    pthread_join(proxy->thread, NULL);
    for (size_t i = 0; i < PROXY_PAIRS_MAX; i++) {
        if (proxy->pairs[i] != NULL) {
            close_pair(&proxy->pairs[i]);
        }
    }
    close(proxy->listener);
}

void proxy_arm(struct proxy *proxy, enum proxy_fault fault, int strikes, int skip) {
    atomic_store(&proxy->skip, skip);
    atomic_store(&proxy->strikes_left, strikes);
    atomic_store(&proxy->fault, (int)fault);
}

void proxy_freeze(struct proxy *proxy, bool is_frozen) {
    atomic_store(&proxy->is_frozen, is_frozen);
}

bool proxy_has_struck(const struct proxy *proxy) {
    return atomic_load(&proxy->strikes_left) == 0;
}
