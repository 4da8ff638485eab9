#include "consumer/adapters/outbox_ledger.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "common/check.h"

struct outbox_tenure {
    atomic_uint refs;     /* the ledger's and the groups' */
    atomic_uint reported; /* outputs settled or failed */
    atomic_int broken;    /* why an output failed; 0: none has */
};

struct outbox_group {
    struct outbox_group *next;
    struct outbox_tenure *tenure;
    int64_t end;        /* outputs of records below are in this group or an older one */
    atomic_uint refs;   /* the ledger's, and one per output that is not reported */
    atomic_bool failed; /* set before the reference is dropped */
};

static void drop_tenure(struct outbox_tenure *tenure) {
    if (tenure != NULL && atomic_fetch_sub(&tenure->refs, 1) == 1) {
        free(tenure);
    }
}

static void drop_group(struct outbox_group *group) {
    if (atomic_fetch_sub(&group->refs, 1) == 1) {
        drop_tenure(group->tenure);
        free(group);
    }
}

static struct outbox_group *new_group(struct outbox_tenure *tenure) {
    struct outbox_group *group = malloc(sizeof *group);
    CHECK(group != NULL);
    group->next = NULL;
    group->tenure = tenure;
    group->end = 0;
    atomic_init(&group->refs, 1);
    atomic_init(&group->failed, false);
    atomic_fetch_add(&tenure->refs, 1);
    return group;
}

void outbox_ledger_close(struct outbox_ledger *ledger) {
    while (ledger->first != NULL) {
        struct outbox_group *group = ledger->first;
        ledger->first = group->next;
        drop_group(group);
    }
    if (ledger->open != NULL) {
        drop_group(ledger->open);
    }
    drop_tenure(ledger->tenure);
    *ledger = (struct outbox_ledger){.tenure = NULL};
}

void outbox_ledger_begin(struct outbox_ledger *ledger, int64_t published) {
    outbox_ledger_close(ledger);
    ledger->tenure = malloc(sizeof *ledger->tenure);
    CHECK(ledger->tenure != NULL);
    atomic_init(&ledger->tenure->refs, 1);
    atomic_init(&ledger->tenure->reported, 0);
    atomic_init(&ledger->tenure->broken, 0);
    ledger->published = published;
}

struct outbox_group *outbox_ledger_send(struct outbox_ledger *ledger) {
    CHECK(ledger->tenure != NULL);
    if (ledger->open == NULL) {
        ledger->open = new_group(ledger->tenure);
    }
    atomic_fetch_add(&ledger->open->refs, 1);
    ledger->sent++;
    return ledger->open;
}

void outbox_group_settle(struct outbox_group *group) {
    atomic_fetch_add(&group->tenure->reported, 1);
    drop_group(group);
}

void outbox_group_fail(struct outbox_group *group, int code) {
    CHECK(code != 0);
    atomic_store(&group->failed, true);
    atomic_store(&group->tenure->broken, code);
    outbox_group_settle(group);
}

void outbox_ledger_mark(struct outbox_ledger *ledger, int64_t next_offset) {
    CHECK(ledger->tenure != NULL);
    if (ledger->open != NULL) {
        ledger->open->end = next_offset;
        if (ledger->first == NULL) {
            ledger->first = ledger->open;
        } else {
            ledger->last->next = ledger->open;
        }
        ledger->last = ledger->open;
        ledger->open = NULL;
    } else if (ledger->first != NULL) {
        CHECK(ledger->last->end <= next_offset);
        ledger->last->end = next_offset;
    } else {
        CHECK(ledger->published <= next_offset);
        ledger->published = next_offset;
    }
}

int64_t outbox_ledger_published(struct outbox_ledger *ledger) {
    while (ledger->first != NULL) {
        struct outbox_group *group = ledger->first;
        if (atomic_load(&group->refs) != 1 || atomic_load(&group->failed)) {
            break;
        }
        CHECK(ledger->published <= group->end);
        ledger->published = group->end;
        ledger->first = group->next;
        drop_group(group);
    }
    return ledger->published;
}

uint32_t outbox_ledger_pending(const struct outbox_ledger *ledger) {
    return ledger->tenure == NULL ? 0 : ledger->sent - atomic_load(&ledger->tenure->reported);
}

int outbox_ledger_broken(const struct outbox_ledger *ledger) {
    return ledger->tenure == NULL ? 0 : atomic_load(&ledger->tenure->broken);
}
