#include "consumer/adapters/http_probe.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define HOST_MAX 256

struct place {
    char host[HOST_MAX];
    const char *port;
};

/* "0.0.0.0" and "[::]" are where a server listens, not where it can be asked. */
static bool split(const char *address, struct place *place, struct err *err) {
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon[1] == '\0' || (size_t)(colon - address) >= HOST_MAX) {
        return err_set(err, ERR_USAGE, "%s: not ADDRESS:PORT", address);
    }
    memcpy(place->host, address, (size_t)(colon - address));
    place->host[colon - address] = '\0';
    place->port = colon + 1;
    if (place->host[0] == '\0' || strcmp(place->host, "0.0.0.0") == 0) {
        (void)snprintf(place->host, sizeof place->host, "127.0.0.1");
    } else if (strcmp(place->host, "[::]") == 0) {
        (void)snprintf(place->host, sizeof place->host, "::1");
    }
    return true;
}

static int try_connect(const struct addrinfo *to, int timeout_ms) {
    const struct timeval limit = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    const int fd = socket(to->ai_family, to->ai_socktype, to->ai_protocol);
    if (fd < 0) {
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd, to->ai_addr, to->ai_addrlen) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static int open_socket(const struct place *place, int timeout_ms) {
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int fd = -1;
    if (getaddrinfo(place->host, place->port, &hints, &found) != 0) {
        return -1;
    }
    for (const struct addrinfo *to = found; to != NULL && fd < 0; to = to->ai_next) {
        fd = try_connect(to, timeout_ms);
    }
    freeaddrinfo(found);
    return fd;
}

static bool exchange(int fd, const char *path, char answer[HTTP_PROBE_TEXT_MAX]) {
    char question[HOST_MAX];
    size_t len = 0;
    ssize_t got;
    const int size =
        snprintf(question, sizeof question,
                 "GET %s HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    if (send(fd, question, (size_t)size, MSG_NOSIGNAL) != size) {
        return false;
    }
    while (len < HTTP_PROBE_TEXT_MAX - 1 &&
           (got = recv(fd, answer + len, HTTP_PROBE_TEXT_MAX - 1 - len, 0)) > 0) {
        len += (size_t)got;
    }
    answer[len] = '\0';
    return strncmp(answer, "HTTP/1.", 7) == 0 && len > 12;
}

bool http_probe(const char *address, const char *path, int timeout_ms, struct http_probe *out,
                struct err *err) {
    struct place place;
    char answer[HTTP_PROBE_TEXT_MAX];
    if (!split(address, &place, err)) {
        return false;
    }
    const int fd = open_socket(&place, timeout_ms);
    const bool answered = fd >= 0 && exchange(fd, path, answer);
    if (fd >= 0) {
        (void)close(fd);
    }
    if (!answered) {
        return err_set(err, ERR_UNREACHABLE, "%s does not answer", address);
    }
    const char *body = strstr(answer, "\r\n\r\n");
    out->status = (int)strtol(answer + 9, NULL, 10);
    (void)snprintf(out->text, sizeof out->text, "%s", body != NULL ? body + 4 : "");
    return true;
}
