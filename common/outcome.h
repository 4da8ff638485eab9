/* Every answer that Teller can give, in order of precedence: where several rules refuse a command,
 * the one that stands first here is the answer. The number is what the database stores: it never
 * changes and is never used again. The list is closed in this version and open to readers: new
 * reasons may come. */
#ifndef TELLER_COMMON_OUTCOME_H
#define TELLER_COMMON_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

/* X(symbol, number, word, state) */
#define OUTCOMES(X)                                                                                \
    X(APPLIED, 0, "applied", STATE_APPLIED)                                                        \
    X(PENDING, 1, "pending", STATE_PENDING)                                                        \
    X(ID_CONFLICT, 10, "id_conflict", STATE_REJECTED)                                              \
    X(NO_SUCH_ACCOUNT, 11, "no_such_account", STATE_REJECTED)                                      \
    X(ACCOUNT_EXISTS, 12, "account_exists", STATE_REJECTED)                                        \
    X(ACCOUNT_CLOSED, 13, "account_closed", STATE_REJECTED)                                        \
    X(ACCOUNT_FROZEN, 14, "account_frozen", STATE_REJECTED)                                        \
    X(ACCOUNT_NOT_EMPTY, 15, "account_not_empty", STATE_REJECTED)                                  \
    X(CURRENCY_MISMATCH, 16, "currency_mismatch", STATE_REJECTED)                                  \
    X(VERSION_MISMATCH, 17, "version_mismatch", STATE_REJECTED)                                    \
    X(INSUFFICIENT_FUNDS, 18, "insufficient_funds", STATE_REJECTED)                                \
    X(CEILING_EXCEEDED, 19, "ceiling_exceeded", STATE_REJECTED)                                    \
    X(OVERFLOW, 20, "overflow", STATE_REJECTED)                                                    \
    X(NO_SUCH_PRODUCT, 21, "no_such_product", STATE_REJECTED)                                      \
    X(PRODUCT_EXISTS, 22, "product_exists", STATE_REJECTED)                                        \
    X(OUT_OF_STOCK, 23, "out_of_stock", STATE_REJECTED)                                            \
    X(PRICE_CHANGED, 24, "price_changed", STATE_REJECTED)                                          \
    X(ALREADY_FINALIZED, 25, "already_finalized", STATE_REJECTED)                                  \
    X(NOT_FINALIZABLE, 26, "not_finalizable", STATE_REJECTED)                                      \
    X(CAP_EXCEEDED, 27, "cap_exceeded", STATE_REJECTED)                                            \
    X(NO_SUCH_HOLD, 28, "no_such_hold", STATE_REJECTED)                                            \
    X(HOLD_EXPIRED, 29, "hold_expired", STATE_REJECTED)                                            \
    X(HOLD_SETTLED, 30, "hold_settled", STATE_REJECTED)                                            \
    X(NO_SUCH_COMMAND, 31, "no_such_command", STATE_REJECTED)                                      \
    X(ALREADY_REVERSED, 32, "already_reversed", STATE_REJECTED)                                    \
    X(NOT_REVERSIBLE, 33, "not_reversible", STATE_REJECTED)                                        \
    X(SAME_ACCOUNT, 34, "same_account", STATE_REJECTED)                                            \
    X(GROUP_FAILED, 35, "group_failed", STATE_REJECTED)                                            \
    X(ID_EXPIRED, 36, "id_expired", STATE_REJECTED) /* reserved: version 1 prunes nothing */       \
    X(MALFORMED, 100, "malformed", STATE_QUARANTINED)                                              \
    X(UNSUPPORTED_VERSION, 101, "unsupported_version", STATE_QUARANTINED)                          \
    X(UNKNOWN_TYPE, 102, "unknown_type", STATE_QUARANTINED)                                        \
    X(INVALID_FIELD, 103, "invalid_field", STATE_QUARANTINED)                                      \
    X(TOO_LARGE, 104, "too_large", STATE_QUARANTINED)                                              \
    X(MISROUTED, 105, "misrouted", STATE_QUARANTINED)                                              \
    X(FORGED_LEG, 106, "forged_leg", STATE_QUARANTINED)

enum outcome_state { STATE_APPLIED, STATE_PENDING, STATE_REJECTED, STATE_QUARANTINED };

#define OUTCOME_ENUM(symbol, number, word, state) OUTCOME_##symbol = (number),
enum outcome { OUTCOMES(OUTCOME_ENUM) };
#undef OUTCOME_ENUM

/* "insufficient_funds"; "?" for a number that this version does not know. */
const char *outcome_word(enum outcome outcome);
enum outcome_state outcome_state(enum outcome outcome);

/* "applied", "pending", "rejected" or "quarantined". */
const char *outcome_state_word(enum outcome_state state);

/* False where no outcome has that word or number. */
bool outcome_parse(const char *word, size_t len, enum outcome *out);
bool outcome_from_number(int number, enum outcome *out);

#endif
