/* Compares rows that replay made with those of the database, column by column. */
#ifndef TELLER_VERBS_REPLAY_ROWS_H
#define TELLER_VERBS_REPLAY_ROWS_H

#include <stdbool.h>

#include "consumer/adapters/pg_audit.h"
#include "consumer/core/sale_rows.h"
#include "consumer/verbs/verify_finding.h"

/* Each: false and a finding that names row, column and both values. `made` is the log's. */
bool replay_rows_journal(const struct journal_row *made, const struct journal_row *found,
                         struct finding *finding);
bool replay_rows_quarantine(const struct quarantine_row *made, const struct quarantine_row *found,
                            struct finding *finding);
bool replay_rows_account(const struct account *made, const struct account *found,
                         struct finding *finding);
bool replay_rows_hold(const struct hold *made, const struct hold *found, struct finding *finding);
bool replay_rows_product(const struct product *made, const struct product *found,
                         struct finding *finding);
bool replay_rows_subscription(const struct subscription *made, const struct subscription *found,
                              struct finding *finding);
bool replay_rows_lane(const struct lane_row *made, const struct lane_row *found,
                      struct finding *finding);

#endif
