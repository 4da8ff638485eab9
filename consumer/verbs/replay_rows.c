#include "consumer/verbs/replay_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* One comparison of many: the first difference is kept. */
struct comparison {
    struct finding *finding;
    int64_t account_number;
    char which[FINDING_TEXT_MAX / 4]; /* the row, for people */
};

static void compare_numbers(struct comparison *comparison, const char *column, int64_t made,
                            int64_t found) {
    if (made != found) {
        (void)finding_set(comparison->finding, comparison->account_number,
                          "%s: %s is %" PRId64 ", by the log %" PRId64, comparison->which, column,
                          found, made);
    }
}

static void compare_texts(struct comparison *comparison, const char *column, const char *made,
                          const char *found) {
    if (strcmp(made, found) != 0) {
        (void)finding_set(comparison->finding, comparison->account_number,
                          "%s: %s is \"%.100s\", by the log \"%.100s\"", comparison->which, column,
                          found, made);
    }
}

static void compare_bytes(struct comparison *comparison, const char *column, struct slice made,
                          struct slice found) {
    bool same =
        made.len == found.len && (made.len == 0 || memcmp(made.at, found.at, made.len) == 0);
    if (!same) {
        (void)finding_set(comparison->finding, comparison->account_number,
                          "%s: %s is not that of the log", comparison->which, column);
    }
}

static void compare_uuids(struct comparison *comparison, const char *column,
                          const struct uuid *made, const struct uuid *found) {
    char texts[2][UUID_TEXT_LEN + 1];
    uuid_format(made, texts[0]);
    uuid_format(found, texts[1]);
    compare_texts(comparison, column, texts[0], texts[1]);
}

static void compare_keys(struct comparison *comparison, const struct journal_key *made,
                         const struct journal_key *found) {
    compare_uuids(comparison, "id of the row before", &made->id, &found->id);
    compare_numbers(comparison, "origin of the row before", made->origin, found->origin);
    compare_numbers(comparison, "step of the row before", made->step, found->step);
}

static void name_uuid(struct comparison *comparison, const char *what, const struct uuid *id) {
    char text[UUID_TEXT_LEN + 1];
    uuid_format(id, text);
    (void)snprintf(comparison->which, sizeof comparison->which, "%s %s", what, text);
}

/* ---- journal ---- */

static void compare_entries(struct comparison *comparison, const struct entry *made,
                            const struct entry *found) {
    const size_t len = sizeof made->hash;
    compare_numbers(comparison, "log_offset", made->log_offset, found->log_offset);
    compare_numbers(comparison, "type", made->type, found->type);
    compare_texts(comparison, "outcome", outcome_word(made->outcome), outcome_word(found->outcome));
    compare_texts(comparison, "detail", made->detail, found->detail);
    compare_numbers(comparison, "account_number", made->account_number, found->account_number);
    compare_numbers(comparison, "amount", made->amount, found->amount);
    compare_numbers(comparison, "balance", made->balance, found->balance);
    compare_numbers(comparison, "held", made->held, found->held);
    compare_numbers(comparison, "version", made->version, found->version);
    compare_numbers(comparison, "at", made->at_ms, found->at_ms);
    compare_numbers(comparison, "price", made->price, found->price);
    compare_bytes(comparison, "hash", (struct slice){made->hash, len},
                  (struct slice){found->hash, len});
    compare_texts(comparison, "counter", made->counter.text, found->counter.text);
}

static const char *account_text(const struct journal_row *row) {
    return row->account == NULL ? "" : row->account->text;
}

static const char *asset_text(const struct journal_row *row) {
    return row->asset == NULL ? "" : row->asset->text;
}

bool replay_rows_journal(const struct journal_row *made, const struct journal_row *found,
                         struct finding *finding) {
    char id[UUID_TEXT_LEN + 1];
    const struct journal_key *key = &made->entry.key;
    struct comparison comparison = {.finding = finding,
                                    .account_number = made->entry.account_number};
    uuid_format(&key->id, id);
    (void)snprintf(comparison.which, sizeof comparison.which,
                   "journal, offset %" PRId64 ", command %s origin %d step %" PRId32,
                   made->entry.log_offset, id, key->origin, key->step);
    compare_entries(&comparison, &made->entry, &found->entry);
    compare_numbers(&comparison, "held_delta", made->held_delta, found->held_delta);
    compare_texts(&comparison, "account", account_text(made), account_text(found));
    compare_numbers(&comparison, "counter_role", made->counter_role, found->counter_role);
    compare_numbers(&comparison, "counter_number", made->counter_number, found->counter_number);
    compare_texts(&comparison, "asset", asset_text(made), asset_text(found));
    compare_bytes(&comparison, "source", made->source, found->source);
    compare_bytes(&comparison, "memo", made->memo, found->memo);
    compare_numbers(&comparison, "previous row", made->has_previous, found->has_previous);
    if (made->has_previous) {
        compare_keys(&comparison, &made->previous, &found->previous);
    }
    return !finding->found;
}

bool replay_rows_quarantine(const struct quarantine_row *made, const struct quarantine_row *found,
                            struct finding *finding) {
    struct comparison comparison = {.finding = finding};
    (void)snprintf(comparison.which, sizeof comparison.which, "quarantine, offset %" PRId64,
                   made->log_offset);
    compare_numbers(&comparison, "offset", made->log_offset, found->log_offset);
    compare_numbers(&comparison, "at", made->at_ms, found->at_ms);
    compare_texts(&comparison, "reason", outcome_word(made->reason), outcome_word(found->reason));
    compare_texts(&comparison, "detail", made->detail == NULL ? "" : made->detail,
                  found->detail == NULL ? "" : found->detail);
    compare_numbers(&comparison, "id", made->has_id, found->has_id);
    if (made->has_id) {
        compare_uuids(&comparison, "id", &made->id, &found->id);
    }
    compare_bytes(&comparison, "key", made->key, found->key);
    compare_bytes(&comparison, "value", made->value, found->value);
    compare_numbers(&comparison, "key_length", made->key_len, found->key_len);
    compare_numbers(&comparison, "value_length", made->value_len, found->value_len);
    compare_bytes(&comparison, "digest", (struct slice){made->digest, sizeof made->digest},
                  (struct slice){found->digest, sizeof found->digest});
    return !finding->found;
}

/* ---- what changes ---- */

bool replay_rows_account(const struct account *made, const struct account *found,
                         struct finding *finding) {
    struct comparison comparison = {.finding = finding};
    (void)snprintf(comparison.which, sizeof comparison.which, "account %s", made->id.text);
    compare_numbers(&comparison, "number", made->number, found->number);
    compare_texts(&comparison, "currency", made->currency.text, found->currency.text);
    compare_numbers(&comparison, "balance", made->balance, found->balance);
    compare_numbers(&comparison, "held", made->held, found->held);
    compare_numbers(&comparison, "floor", made->floor, found->floor);
    compare_numbers(&comparison, "ceiling", made->ceiling, found->ceiling);
    compare_numbers(&comparison, "version", made->version, found->version);
    compare_numbers(&comparison, "state", made->state, found->state);
    compare_keys(&comparison, &made->last, &found->last);
    return !finding->found;
}

bool replay_rows_hold(const struct hold *made, const struct hold *found, struct finding *finding) {
    struct comparison comparison = {.finding = finding};
    name_uuid(&comparison, "hold", &made->id);
    compare_numbers(&comparison, "origin", made->origin, found->origin);
    compare_numbers(&comparison, "account_number", made->account_number, found->account_number);
    compare_numbers(&comparison, "amount", made->amount, found->amount);
    compare_numbers(&comparison, "expires_at", made->expires_at_ms, found->expires_at_ms);
    compare_numbers(&comparison, "state", made->state, found->state);
    compare_numbers(&comparison, "kind", made->kind, found->kind);
    return !finding->found;
}

static void compare_units(struct comparison *comparison, const struct product *made,
                          const struct product *found) {
    compare_numbers(comparison, "price", made->price, found->price);
    compare_numbers(comparison, "stock", made->stock, found->stock);
    compare_numbers(comparison, "sold", made->sold, found->sold);
    compare_numbers(comparison, "subscribed", made->subscribed, found->subscribed);
    compare_numbers(comparison, "cap", made->cap, found->cap);
    compare_numbers(comparison, "cap_per_account", made->cap_per_account, found->cap_per_account);
    compare_numbers(comparison, "next_subscription", made->next_subscription,
                    found->next_subscription);
    compare_numbers(comparison, "allot_total", made->allot_total, found->allot_total);
    compare_numbers(comparison, "allot_remainder", made->allot_remainder, found->allot_remainder);
    compare_numbers(comparison, "allot_number", made->allot_number, found->allot_number);
}

bool replay_rows_product(const struct product *made, const struct product *found,
                         struct finding *finding) {
    struct comparison comparison = {.finding = finding};
    (void)snprintf(comparison.which, sizeof comparison.which, "product %s", made->id.text);
    compare_numbers(&comparison, "number", made->number, found->number);
    compare_texts(&comparison, "currency", made->currency.text, found->currency.text);
    compare_texts(&comparison, "seller", made->seller.text, found->seller.text);
    compare_units(&comparison, made, found);
    compare_numbers(&comparison, "version", made->version, found->version);
    compare_numbers(&comparison, "mode", made->mode, found->mode);
    compare_numbers(&comparison, "state", made->state, found->state);
    compare_keys(&comparison, &made->last, &found->last);
    return !finding->found;
}

bool replay_rows_subscription(const struct subscription *made, const struct subscription *found,
                              struct finding *finding) {
    struct comparison comparison = {.finding = finding};
    name_uuid(&comparison, "subscription", &made->id);
    compare_numbers(&comparison, "number", made->number, found->number);
    compare_numbers(&comparison, "product_number", made->product_number, found->product_number);
    compare_texts(&comparison, "account", made->account.text, found->account.text);
    compare_numbers(&comparison, "quantity", made->quantity, found->quantity);
    compare_numbers(&comparison, "price", made->price, found->price);
    compare_numbers(&comparison, "allotted", made->allotted, found->allotted);
    compare_numbers(&comparison, "state", made->state, found->state);
    return !finding->found;
}

/* Owner, epoch, published_offset and seals are not decided by the log. */
bool replay_rows_lane(const struct lane_row *made, const struct lane_row *found,
                      struct finding *finding) {
    struct comparison comparison = {.finding = finding, .which = "lane row"};
    const size_t len = sizeof made->last_fingerprint;
    compare_numbers(&comparison, "next_offset", made->next_offset, found->next_offset);
    compare_numbers(&comparison, "last_offset", made->last_offset, found->last_offset);
    compare_bytes(&comparison, "last_fingerprint", (struct slice){made->last_fingerprint, len},
                  (struct slice){found->last_fingerprint, len});
    compare_numbers(&comparison, "lane_time", made->lane_time_ms, found->lane_time_ms);
    compare_numbers(&comparison, "rules", made->rules, found->rules);
    compare_numbers(&comparison, "next_number", made->next_number, found->next_number);
    return !finding->found;
}
