/* A little of everything that goes between accounts and products, each command waited for. */
#ifndef TELLER_TESTS_HARNESS_SALES_H
#define TELLER_TESTS_HARNESS_SALES_H

#include "tests/harness/ledger.h"

/* Five accounts in EUR and one in JPY; transfers (applied, refused, reversed), a capture with a
 * receiver, a product that is sold out, one with a cap per account, one subscribed, cancelled
 * and allotted (its seller does not exist: the money ends in @suspense), and a subscription left
 * open. */
void sales_fill(const struct ledger *ledger);

#endif
