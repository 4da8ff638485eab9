/* Commands between two accounts, alice and bob: transfers, captures with `to`, and reversals of
 * transfers. The giver's lane answers for itself before the receiver's is asked. */
#include "tests/unit/precedence.h"

#define BOB "bob: " OPEN
#define SEND "transfer 'to':'bob','amount':5"
#define TO_SELF "transfer 'to':'alice','amount':5"

static const struct precedence_row rows[] = {
    {"no sender before himself", {TO_SELF}, "no_such_account"},
    {"closed sender", {OPEN, "account.freeze", "account.close", SEND}, "account_closed"},
    {"frozen sender before currency",
     {OPEN, "account.freeze", SEND ",'currency':'USD'"},
     "account_frozen"},
    {"sender: currency before version",
     {OPEN, SEND ",'currency':'USD','expected_version':7"},
     "currency_mismatch"},
    {"sender: version before funds", {OPEN, SEND ",'expected_version':7"}, "version_mismatch"},
    {"funds before himself", {OPEN, TO_SELF}, "insufficient_funds"},
    {"himself", {OPEN, FUND, TO_SELF}, "same_account"},
    {"funds before the receiver is asked", {OPEN, SEND}, "insufficient_funds"},

    {"no receiver", {OPEN, FUND, SEND}, "no_such_account"},
    {"closed receiver before currency",
     {OPEN, FUND, "bob: account.open 'currency':'USD'", "bob: account.close", SEND},
     "account_closed"},
    {"frozen receiver before currency",
     {OPEN, FUND, "bob: account.open 'currency':'USD'", "bob: account.freeze", SEND},
     "account_frozen"},
    {"receiver: currency before ceiling",
     {OPEN, FUND, "bob: account.open 'currency':'USD','ceiling':4", SEND},
     "currency_mismatch"},
    {"receiver: ceiling before overflow",
     {OPEN, "deposit 'amount':" MOST, BOB ",'ceiling':4", "bob: deposit 'amount':1",
      "transfer 'to':'bob','amount':" MOST},
     "ceiling_exceeded"},
    {"receiver: overflow",
     {OPEN, "deposit 'amount':" MOST, BOB, "bob: deposit 'amount':1",
      "transfer 'to':'bob','amount':" MOST},
     "overflow"},
    {"received", {OPEN, FUND, BOB, SEND}, "applied"},
    {"what was refused is there again", {OPEN, FUND, SEND, "withdraw 'amount':100"}, "applied"},

    {"no hold before himself", {OPEN, "capture 'hold':'$9','to':'alice'"}, "no_such_hold"},
    {"somebody else's hold",
     {OPEN, FUND, BOB, "hold 'amount':5", "bob: capture 'hold':'$4','to':'alice'"},
     "no_such_hold"},
    {"more than was held before himself",
     {OPEN, FUND, "hold 'amount':5", "capture 'amount':6,'hold':'$3','to':'alice'"},
     "insufficient_funds"},
    {"expired before himself",
     {OPEN, FUND, "hold 'amount':5,'expires_in_s':1", "capture 'hold':'$3','to':'alice'"},
     "hold_expired"},
    {"settled before himself",
     {OPEN, FUND, "hold 'amount':5", "release 'hold':'$3'", "capture 'hold':'$3','to':'alice'"},
     "hold_settled"},
    {"captured by himself",
     {OPEN, FUND, "hold 'amount':5", "capture 'hold':'$3','to':'alice'"},
     "same_account"},
    {"captured for nobody",
     {OPEN, FUND, "hold 'amount':5", "capture 'hold':'$3','to':'bob'"},
     "no_such_account"},
    {"a capture that was refused leaves no hold",
     {OPEN, FUND, "hold 'amount':5", "capture 'hold':'$3','to':'bob'", "release 'hold':'$3'"},
     "hold_settled"},

    {"the receiver reverses", {OPEN, FUND, BOB, SEND, "bob: reverse 'of':'$4'"}, "applied"},
    {"reversed once, before funds",
     {OPEN, FUND, BOB, SEND, "bob: reverse 'of':'$4'", "bob: reverse 'of':'$4'"},
     "already_reversed"},
    {"the receiver has spent it",
     {OPEN, FUND, BOB, SEND, "bob: withdraw 'amount':1", "bob: reverse 'of':'$4'"},
     "insufficient_funds"},
    {"the sender cannot", {OPEN, FUND, BOB, SEND, "reverse 'of':'$4'"}, "no_such_command"},
    {"what came back is no more to reverse",
     {OPEN, FUND, SEND, "reverse 'of':'$3'"},
     "not_reversible"},
    {"what was refused was never received",
     {OPEN, FUND, BOB, "bob: account.freeze", SEND, "bob: account.unfreeze",
      "bob: reverse 'of':'$5'"},
     "not_reversible"},
    {"somebody else's command", {OPEN, FUND, BOB, "bob: reverse 'of':'$2'"}, "no_such_command"},
};

const struct precedence_rows precedence_transfers = {rows, sizeof rows / sizeof rows[0]};

static const struct precedence_row namesakes[] = {
    {"two commands with that id",
     {OPEN, FUND, BOB, "bob: " FUND, "$2 bob: transfer 'to':'alice','amount':5",
      "reverse 'of':'$2'"},
     "not_reversible"},
    {"reversed before there were two",
     {OPEN, FUND, BOB, "bob: " FUND, "reverse 'of':'$2'",
      "$2 bob: transfer 'to':'alice','amount':5", "reverse 'of':'$2'"},
     "already_reversed"},
};

const struct precedence_rows precedence_namesakes = {namesakes,
                                                     sizeof namesakes / sizeof namesakes[0]};
