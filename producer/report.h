/* What became of one command, as far as this program knows: one outcome line. */
#ifndef TELLER_PRODUCER_REPORT_H
#define TELLER_PRODUCER_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/command.h"
#include "common/command_json.h"
#include "common/err.h"
#include "common/result.h"

/* X(symbol, word, exit code): states in the order of a command's way. */
#define REPORT_STATES(X)                                                                           \
    X(VALID, "valid", 0)              /* dry run: it would be sent */                              \
    X(ACCEPTED, "accepted", 0)        /* the broker has it */                                      \
    X(APPLIED, "applied", 0)          /* the database has committed it */                          \
    X(PENDING, "pending", 75)         /* under way in other lanes when the time was up */          \
    X(REJECTED, "rejected", 1)        /* a rule said no; nothing changed */                        \
    X(QUARANTINED, "quarantined", 65) /* the worker could not take it as a command */              \
    X(INVALID, "invalid", 65)         /* refused here; not sent */                                 \
    X(UNSENT, "unsent", 69)           /* certainly not written to the log */                       \
    X(UNKNOWN, "unknown", 75)         /* it may take effect: ask, or send again with this id */

#define REPORT_ENUM(symbol, word, code) REPORT_##symbol,
enum report_state { REPORT_STATES(REPORT_ENUM) };
#undef REPORT_ENUM

#define REPORT_DETAIL_MAX 256

struct report {
    enum report_state state;
    enum err_kind kind; /* of UNSENT: decides the exit code */
    int64_t line;       /* of the input; 0: there is none */
    bool has_id;
    struct uuid id;
    int type;              /* enum command_type; 0: not known */
    struct ident entity;   /* len 0: not known */
    struct ident other;    /* receiver, or what is bought; len 0: none */
    int64_t amount;        /* minor units; 0: the command has none */
    int64_t quantity;      /* units; 0: the command has none */
    int64_t price;         /* minor units of one unit; 0: the command has none */
    struct asset currency; /* as the command says; len 0: it does not */
    int32_t lane;          /* -1: not known */
    int64_t offset;        /* -1: not known */
    enum outcome reason;   /* of REJECTED, QUARANTINED and INVALID */
    char detail[REPORT_DETAIL_MAX];
    bool has_balance;
    int64_t balance; /* minor units */
    bool has_available;
    int64_t available;
    int64_t version;
    bool duplicate; /* the first answer again */
    int64_t at_ms;  /* lane time; 0: not known */
};

const char *report_state_word(enum report_state state);

/* What a report starts from: a valid command, or a refusal. */
void report_command(struct report *report, int64_t line, const struct command *command);
void report_refusal(struct report *report, int64_t line, const struct refusal *why);

/* Takes over what a worker answered; lane and offset stay those of the client's record. */
void report_result(struct report *report, const struct result *result);

/* operations.md, exit codes. Of many lines the worst is the largest code. */
int report_exit_code(const struct report *report);

#endif
