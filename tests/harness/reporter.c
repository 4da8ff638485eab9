#include "tests/harness/reporter.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "common/rt/clock.h"
#include "tests/harness/must.h"
#include "tests/harness/proc.h"

void reporter_add(struct reporter_log *log, int64_t latency_us, enum protocol_answer answer,
                  uint32_t retries) {
    if (log->count == log->room) {
        log->room = log->room == 0 ? 1024 : log->room * 2;
        log->records = realloc(log->records, log->room * sizeof *log->records);
        must(log->records != NULL, "out of memory");
    }
    log->records[log->count++] = (struct protocol_record){
        .latency_us = latency_us > UINT32_MAX ? UINT32_MAX : (uint32_t)latency_us,
        .answer = (uint16_t)answer,
        .retries = retries > UINT16_MAX ? UINT16_MAX : (uint16_t)retries};
}

static void send_bytes(int socket, const void *bytes, size_t len) {
    const char *at = bytes;
    while (len > 0) {
        ssize_t sent = send(socket, at, len, MSG_NOSIGNAL);
        must(sent > 0 || errno == EINTR, "the parent has gone");
        size_t part = sent > 0 ? (size_t)sent : 0;
        at += part;
        len -= part;
    }
}

void reporter_await_go(int socket) {
    char byte = PROTOCOL_READY;
    send_bytes(socket, &byte, 1);
    must(recv(socket, &byte, 1, 0) == 1 && byte == PROTOCOL_GO, "the parent has gone");
}

void reporter_send(int socket, int64_t began_us, const struct reporter_log *log) {
    struct protocol_head head = {
        .began_us = began_us,
        .ended_us = clock_monotonic_us(),
        .cpu_us = proc_own_cpu_us(),
        .count = (int64_t)log->count,
    };
    send_bytes(socket, &head, sizeof head);
    send_bytes(socket, log->records, log->count * sizeof *log->records);
}
