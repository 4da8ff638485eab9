#include "tests/harness/pack.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/rt/clock.h"
#include "tests/harness/must.h"

#define WATCH_MS 10
#define SILENCE_MS 60000

void pack_open(struct pack *pack, int clients, int rounds) {
    must(clients <= PACK_CLIENTS_MAX, "too many clients");
    *pack = (struct pack){.count = clients, .rounds_left = rounds};
    for (int i = 0; i < clients; i++) {
        int ends[2];
        must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair: %s", strerror(errno));
        pack->members[i] = (struct pack_member){.socket = ends[0], .said = STRBUF_INIT};
        pack->client_sockets[i] = ends[1];
    }
}

/* In the child: nobody else's socket stays open, or ends would not be noticed. */
static void keep_only(struct pack *pack, int client) {
    for (int i = 0; i < pack->count; i++) {
        close(pack->members[i].socket);
        if (i != client) {
            close(pack->client_sockets[i]);
        }
    }
}

void pack_fork(struct pack *pack, int client, void (*run)(void *context, int client, int socket),
               void *context) {
    (void)fflush(NULL);
    pid_t parent = getpid();
    pid_t pid = fork();
    must(pid >= 0, "fork: %s", strerror(errno));
    if (pid == 0) {
        must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent, "the parent has gone");
        keep_only(pack, client);
        run(context, client, pack->client_sockets[client]);
        _exit(0);
    }
    pack->members[client].pid = pid;
}

void pack_hand_over(struct pack *pack) {
    for (int i = 0; i < pack->count; i++) {
        close(pack->client_sockets[i]);
    }
}

static bool is_open(const struct pack *pack) {
    for (int i = 0; i < pack->count; i++) {
        if (pack->members[i].socket >= 0) {
            return true;
        }
    }
    return false;
}

static void hear(struct pack_member *member) {
    char bytes[65536];
    ssize_t len = recv(member->socket, bytes, sizeof bytes, 0);
    if (len > 0) {
        strbuf_add(&member->said, bytes, (size_t)len);
        return;
    }
    must(len == 0, "a client: %s", strerror(errno));
    close(member->socket);
    member->socket = -1;
}

static bool hear_all(struct pack *pack) {
    struct pollfd fds[PACK_CLIENTS_MAX];
    for (int i = 0; i < pack->count; i++) {
        fds[i] = (struct pollfd){.fd = pack->members[i].socket, .events = POLLIN};
    }
    int ready = poll(fds, (nfds_t)pack->count, WATCH_MS);
    for (int i = 0; ready > 0 && i < pack->count; i++) {
        if (fds[i].revents != 0) {
            hear(&pack->members[i]);
        }
    }
    return ready > 0;
}

static bool are_all_ready(const struct pack *pack) {
    for (int i = 0; i < pack->count; i++) {
        const struct pack_member *member = &pack->members[i];
        must(member->socket >= 0, "client %d has died", i);
        if (member->said.len == 0) {
            return false;
        }
    }
    return true;
}

static void let_go(struct pack *pack) {
    const char go = PROTOCOL_GO;
    pack->rounds_left--;
    for (int i = 0; i < pack->count; i++) {
        strbuf_reset(&pack->members[i].said);
    }
    for (int i = 0; i < pack->count; i++) {
        must(send(pack->members[i].socket, &go, 1, MSG_NOSIGNAL) == 1, "client %d has died", i);
    }
}

static void reap(struct pack *pack) {
    for (int i = 0; i < pack->count; i++) {
        int status = 0;
        if (pack->members[i].pid > 0) {
            must(waitpid(pack->members[i].pid, &status, 0) == pack->members[i].pid && status == 0,
                 "client %d ended with %d", i, status);
        }
    }
}

void pack_drive(struct pack *pack, pack_watch *watch, void *context) {
    int64_t heard_ms = clock_monotonic_ms();
    while (is_open(pack)) {
        if (hear_all(pack)) {
            heard_ms = clock_monotonic_ms();
        }
        must(clock_monotonic_ms() - heard_ms < SILENCE_MS, "the clients hang");
        if (pack->rounds_left > 0 && are_all_ready(pack)) {
            let_go(pack);
        }
        watch(context);
    }
    reap(pack);
}

struct protocol_head pack_head(const struct pack *pack, int client) {
    const struct strbuf *said = &pack->members[client].said;
    struct protocol_head head;
    must(!said->failed && said->len >= sizeof head, "client %d made no report", client);
    memcpy(&head, said->text, sizeof head);
    must(said->len == sizeof head + (size_t)head.count * sizeof(struct protocol_record),
         "client %d made half a report", client);
    return head;
}

const struct protocol_record *pack_records(const struct pack *pack, int client) {
    const char *bytes = pack->members[client].said.text + sizeof(struct protocol_head);
    return (const struct protocol_record *)(const void *)bytes;
}

void pack_close(struct pack *pack) {
    for (int i = 0; i < pack->count; i++) {
        strbuf_close(&pack->members[i].said);
    }
}
