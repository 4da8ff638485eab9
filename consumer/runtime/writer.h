/* A writer: a thread that applies and commits for the lanes that the supervisor hands to it. */
#ifndef TELLER_RUNTIME_WRITER_H
#define TELLER_RUNTIME_WRITER_H

#include "common/err.h"
#include "consumer/runtime/desk.h"
#include "consumer/runtime/mailbox.h"

struct writer;

/* Makes desk and mailbox and starts the thread. *plan outlives it. NULL: *err says why. */
struct writer *writer_new(const struct desk_plan *plan, int index, struct err *err);

/* NOTICE_HOLD, NOTICE_RECALL or NOTICE_QUIT; interrupts its wait for records. Any thread. */
void writer_post(struct writer *writer, struct notice notice);

/* Waits for the thread, which must have been told to quit. */
void writer_free(struct writer *writer);

#endif
