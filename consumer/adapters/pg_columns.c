#include "consumer/adapters/pg_columns.h"

#include <string.h>

/* 0 stands for none in memory, NULL in SQL. */
static void put_number(struct pg_bytes *out, int64_t number) {
    if (number == 0) {
        pg_put_null(out);
    } else {
        pg_put_int64(out, number);
    }
}

static void put_text(struct pg_bytes *out, const char *text) {
    if (text == NULL || text[0] == '\0') {
        pg_put_null(out);
    } else {
        pg_put_bytes(out, text, strlen(text));
    }
}

static void put_ident(struct pg_bytes *out, const struct ident *ident) {
    if (ident == NULL) {
        pg_put_null(out);
    } else {
        pg_put_bytes(out, ident->text, ident->len);
    }
}

/* Of length 0: none in memory, NULL in SQL. */
static void put_name(struct pg_bytes *out, const struct ident *ident) {
    put_ident(out, ident->len > 0 ? ident : NULL);
}

static void put_slice(struct pg_bytes *out, struct slice slice) {
    if (slice.at == NULL) {
        pg_put_null(out);
    } else {
        pg_put_bytes(out, slice.at, slice.len);
    }
}

static void put_asset(struct pg_bytes *out, const struct asset *asset) {
    if (asset == NULL) {
        pg_put_null(out);
    } else {
        pg_put_bytes(out, asset->text, asset->len);
    }
}

/* FIELD(name, type of the row, expression that appends the field of `row`). The formatter cannot
 * know that these macros are declarations. */
/* clang-format off */
#define FIELD(name, of, expression)                                                                \
    static void name(struct pg_bytes *out, const void *at)                                         \
    {                                                                                              \
        const of *row = at;                                                                        \
        expression;                                                                                \
    }
#define TABLE(name, ...)                                                                           \
    static const struct pg_column name##_items[] = { __VA_ARGS__ };                                \
    const struct pg_columns name = { name##_items, sizeof name##_items / sizeof *name##_items };

FIELD(advance_lane, struct pg_advance, pg_put_int16(out, (int16_t)row->row->lane))
FIELD(advance_owner, struct pg_advance, pg_put_uuid(out, &row->row->owner))
FIELD(advance_epoch, struct pg_advance, pg_put_int64(out, row->row->epoch))
FIELD(advance_old, struct pg_advance, pg_put_int64(out, row->old_offset))
FIELD(advance_next, struct pg_advance, pg_put_int64(out, row->row->next_offset))
FIELD(advance_published, struct pg_advance, pg_put_int64(out, row->published_offset))
FIELD(advance_last, struct pg_advance, pg_put_int64(out, row->row->last_offset))
FIELD(advance_fingerprint, struct pg_advance,
      pg_put_bytes(out, row->row->last_fingerprint, RECORD_FINGERPRINT_LEN))
FIELD(advance_time, struct pg_advance, pg_put_time(out, row->row->lane_time_ms))
FIELD(advance_rules, struct pg_advance, pg_put_int32(out, row->row->rules))
FIELD(advance_next_number, struct pg_advance, pg_put_int64(out, row->row->next_number))
FIELD(advance_seal_head, struct pg_advance,
      pg_put_bytes(out, row->row->seal_head, sizeof row->row->seal_head))
FIELD(advance_next_seal, struct pg_advance, pg_put_int64(out, row->row->next_seal))
TABLE(pg_columns_advance,
      { PG_INT2, advance_lane },
      { PG_UUID, advance_owner },
      { PG_INT8, advance_epoch },
      { PG_INT8, advance_old },
      { PG_INT8, advance_next },
      { PG_INT8, advance_published },
      { PG_INT8, advance_last },
      { PG_BYTEA, advance_fingerprint },
      { PG_TIMESTAMPTZ, advance_time },
      { PG_INT4, advance_rules },
      { PG_INT8, advance_next_number },
      { PG_BYTEA, advance_seal_head },
      { PG_INT8, advance_next_seal })

FIELD(key_id, struct journal_key, pg_put_uuid(out, &row->id))
FIELD(key_origin, struct journal_key, pg_put_int16(out, (int16_t)row->origin))
FIELD(key_step, struct journal_key, pg_put_int32(out, row->step))
TABLE(pg_columns_key,
      { PG_UUID, key_id },
      { PG_INT2, key_origin },
      { PG_INT4, key_step })

FIELD(reversed_id, struct reversed, pg_put_uuid(out, &row->id))
FIELD(reversed_account, struct reversed, pg_put_int64(out, row->account_number))
TABLE(pg_columns_reversed,
      { PG_UUID, reversed_id },
      { PG_INT8, reversed_account })

FIELD(journal_offset, struct journal_row, pg_put_int64(out, row->entry.log_offset))
FIELD(journal_at, struct journal_row, pg_put_time(out, row->entry.at_ms))
FIELD(journal_account_number, struct journal_row, put_number(out, row->entry.account_number))
FIELD(journal_amount, struct journal_row, pg_put_int64(out, row->entry.amount))
FIELD(journal_held_delta, struct journal_row, pg_put_int64(out, row->held_delta))
FIELD(journal_balance, struct journal_row, pg_put_int64(out, row->entry.balance))
FIELD(journal_held, struct journal_row, pg_put_int64(out, row->entry.held))
FIELD(journal_version, struct journal_row, pg_put_int64(out, row->entry.version))
FIELD(journal_counter_number, struct journal_row, put_number(out, row->counter_number))
FIELD(journal_price, struct journal_row, put_number(out, row->entry.price))
FIELD(journal_step, struct journal_row, pg_put_int32(out, row->entry.key.step))
FIELD(journal_previous_step, struct journal_row,
      row->has_previous ? pg_put_int32(out, row->previous.step) : pg_put_null(out))
FIELD(journal_origin, struct journal_row, pg_put_int16(out, (int16_t)row->entry.key.origin))
FIELD(journal_type, struct journal_row, pg_put_int16(out, (int16_t)row->entry.type))
FIELD(journal_outcome, struct journal_row, pg_put_int16(out, (int16_t)row->entry.outcome))
FIELD(journal_role, struct journal_row,
      row->counter_role == SYSTEM_NONE ? pg_put_null(out)
                                          : pg_put_int16(out, (int16_t)row->counter_role))
FIELD(journal_previous_origin, struct journal_row,
      row->has_previous ? pg_put_int16(out, (int16_t)row->previous.origin) : pg_put_null(out))
FIELD(journal_id, struct journal_row, pg_put_uuid(out, &row->entry.key.id))
FIELD(journal_previous_id, struct journal_row,
      row->has_previous ? pg_put_uuid(out, &row->previous.id) : pg_put_null(out))
FIELD(journal_hash, struct journal_row, pg_put_bytes(out, row->entry.hash, sizeof row->entry.hash))
FIELD(journal_detail, struct journal_row, put_text(out, row->entry.detail))
FIELD(journal_account, struct journal_row, put_ident(out, row->account))
FIELD(journal_counter, struct journal_row, put_name(out, &row->entry.counter))
FIELD(journal_asset, struct journal_row, put_asset(out, row->asset))
FIELD(journal_source, struct journal_row, put_slice(out, row->source))
FIELD(journal_memo, struct journal_row, put_slice(out, row->memo))
TABLE(pg_columns_journal,
      { PG_INT8, journal_offset },
      { PG_TIMESTAMPTZ, journal_at },
      { PG_INT8, journal_account_number },
      { PG_INT8, journal_amount },
      { PG_INT8, journal_held_delta },
      { PG_INT8, journal_balance },
      { PG_INT8, journal_held },
      { PG_INT8, journal_version },
      { PG_INT8, journal_counter_number },
      { PG_INT8, journal_price },
      { PG_INT4, journal_step },
      { PG_INT4, journal_previous_step },
      { PG_INT2, journal_origin },
      { PG_INT2, journal_type },
      { PG_INT2, journal_outcome },
      { PG_INT2, journal_role },
      { PG_INT2, journal_previous_origin },
      { PG_UUID, journal_id },
      { PG_UUID, journal_previous_id },
      { PG_BYTEA, journal_hash },
      { PG_TEXT, journal_detail },
      { PG_TEXT, journal_account },
      { PG_TEXT, journal_counter },
      { PG_TEXT, journal_asset },
      { PG_TEXT, journal_source },
      { PG_TEXT, journal_memo })

FIELD(account_number, struct account, pg_put_int64(out, row->number))
FIELD(account_id, struct account, pg_put_bytes(out, row->id.text, row->id.len))
FIELD(account_currency, struct account, pg_put_bytes(out, row->currency.text, row->currency.len))
FIELD(account_balance, struct account, pg_put_int64(out, row->balance))
FIELD(account_held, struct account, pg_put_int64(out, row->held))
FIELD(account_floor, struct account, pg_put_int64(out, row->floor))
FIELD(account_ceiling, struct account, pg_put_int64(out, row->ceiling))
FIELD(account_version, struct account, pg_put_int64(out, row->version))
FIELD(account_state, struct account, pg_put_int16(out, (int16_t)row->state))
FIELD(account_last_id, struct account, pg_put_uuid(out, &row->last.id))
FIELD(account_last_origin, struct account, pg_put_int16(out, (int16_t)row->last.origin))
FIELD(account_last_step, struct account, pg_put_int32(out, row->last.step))
TABLE(pg_columns_account_new,
      { PG_INT8, account_number },
      { PG_TEXT, account_id },
      { PG_TEXT, account_currency },
      { PG_INT8, account_balance },
      { PG_INT8, account_held },
      { PG_INT8, account_floor },
      { PG_INT8, account_ceiling },
      { PG_INT8, account_version },
      { PG_INT2, account_state },
      { PG_UUID, account_last_id },
      { PG_INT2, account_last_origin },
      { PG_INT4, account_last_step })

TABLE(pg_columns_account_change,
      { PG_INT8, account_number },
      { PG_INT8, account_balance },
      { PG_INT8, account_held },
      { PG_INT8, account_version },
      { PG_INT2, account_state },
      { PG_UUID, account_last_id },
      { PG_INT2, account_last_origin },
      { PG_INT4, account_last_step })

FIELD(hold_id, struct hold, pg_put_uuid(out, &row->id))
FIELD(hold_origin, struct hold, pg_put_int16(out, (int16_t)row->origin))
FIELD(hold_account, struct hold, pg_put_int64(out, row->account_number))
FIELD(hold_amount, struct hold, pg_put_int64(out, row->amount))
FIELD(hold_expires, struct hold, pg_put_time(out, row->expires_at_ms))
FIELD(hold_state, struct hold, pg_put_int16(out, (int16_t)row->state))
FIELD(hold_kind, struct hold, pg_put_int16(out, (int16_t)row->kind))
TABLE(pg_columns_hold_new,
      { PG_UUID, hold_id },
      { PG_INT2, hold_origin },
      { PG_INT8, hold_account },
      { PG_INT8, hold_amount },
      { PG_TIMESTAMPTZ, hold_expires },
      { PG_INT2, hold_state },
      { PG_INT2, hold_kind })

TABLE(pg_columns_hold_change,
      { PG_UUID, hold_id },
      { PG_INT2, hold_origin },
      { PG_INT8, hold_amount },
      { PG_INT2, hold_state })

FIELD(system_role, struct system_change, pg_put_int16(out, (int16_t)row->role))
FIELD(system_asset, struct system_change, put_asset(out, &row->asset))
FIELD(system_delta, struct system_change, pg_put_numeric(out, row->delta))
TABLE(pg_columns_system,
      { PG_INT2, system_role },
      { PG_TEXT, system_asset },
      { PG_NUMERIC, system_delta })

FIELD(quarantine_offset, struct quarantine_row, pg_put_int64(out, row->log_offset))
FIELD(quarantine_at, struct quarantine_row, pg_put_time(out, row->at_ms))
FIELD(quarantine_key_length, struct quarantine_row, pg_put_int64(out, row->key_len))
FIELD(quarantine_value_length, struct quarantine_row, pg_put_int64(out, row->value_len))
FIELD(quarantine_reason, struct quarantine_row, pg_put_int16(out, (int16_t)row->reason))
FIELD(quarantine_id, struct quarantine_row,
      row->has_id ? pg_put_uuid(out, &row->id) : pg_put_null(out))
FIELD(quarantine_digest, struct quarantine_row, pg_put_bytes(out, row->digest, sizeof row->digest))
FIELD(quarantine_detail, struct quarantine_row, put_text(out, row->detail))
FIELD(quarantine_key, struct quarantine_row, put_slice(out, row->key))
FIELD(quarantine_value, struct quarantine_row, put_slice(out, row->value))
TABLE(pg_columns_quarantine,
      { PG_INT8, quarantine_offset },
      { PG_TIMESTAMPTZ, quarantine_at },
      { PG_INT8, quarantine_key_length },
      { PG_INT8, quarantine_value_length },
      { PG_INT2, quarantine_reason },
      { PG_UUID, quarantine_id },
      { PG_BYTEA, quarantine_digest },
      { PG_TEXT, quarantine_detail },
      { PG_BYTEA, quarantine_key },
      { PG_BYTEA, quarantine_value })

FIELD(product_number, struct product, pg_put_int64(out, row->number))
FIELD(product_id, struct product, put_ident(out, &row->id))
FIELD(product_currency, struct product, put_asset(out, &row->currency))
FIELD(product_seller, struct product, put_name(out, &row->seller))
FIELD(product_price, struct product, pg_put_int64(out, row->price))
FIELD(product_stock, struct product, pg_put_int64(out, row->stock))
FIELD(product_sold, struct product, pg_put_int64(out, row->sold))
FIELD(product_subscribed, struct product, pg_put_int64(out, row->subscribed))
FIELD(product_cap, struct product, put_number(out, row->cap))
FIELD(product_cap_per_account, struct product, put_number(out, row->cap_per_account))
FIELD(product_next, struct product, pg_put_int64(out, row->next_subscription))
FIELD(product_version, struct product, pg_put_int64(out, row->version))
FIELD(product_mode, struct product, pg_put_int16(out, (int16_t)row->mode))
FIELD(product_state, struct product, pg_put_int16(out, (int16_t)row->state))
FIELD(product_allot_total, struct product, put_number(out, row->allot_total))
FIELD(product_allot_remainder, struct product,
      row->allot_total != 0 ? pg_put_int64(out, row->allot_remainder) : pg_put_null(out))
FIELD(product_allot_number, struct product,
      row->allot_total != 0 ? pg_put_int64(out, row->allot_number) : pg_put_null(out))
FIELD(product_last_id, struct product, pg_put_uuid(out, &row->last.id))
FIELD(product_last_origin, struct product, pg_put_int16(out, (int16_t)row->last.origin))
FIELD(product_last_step, struct product, pg_put_int32(out, row->last.step))
TABLE(pg_columns_product_new,
      { PG_INT8, product_number },
      { PG_TEXT, product_id },
      { PG_TEXT, product_currency },
      { PG_TEXT, product_seller },
      { PG_INT8, product_price },
      { PG_INT8, product_stock },
      { PG_INT8, product_sold },
      { PG_INT8, product_subscribed },
      { PG_INT8, product_cap },
      { PG_INT8, product_cap_per_account },
      { PG_INT8, product_next },
      { PG_INT8, product_version },
      { PG_INT2, product_mode },
      { PG_INT2, product_state },
      { PG_INT8, product_allot_total },
      { PG_INT8, product_allot_remainder },
      { PG_INT8, product_allot_number },
      { PG_UUID, product_last_id },
      { PG_INT2, product_last_origin },
      { PG_INT4, product_last_step })

TABLE(pg_columns_product_change,
      { PG_INT8, product_number },
      { PG_INT8, product_price },
      { PG_INT8, product_stock },
      { PG_INT8, product_sold },
      { PG_INT8, product_subscribed },
      { PG_INT8, product_next },
      { PG_INT8, product_version },
      { PG_INT2, product_state },
      { PG_INT8, product_allot_total },
      { PG_INT8, product_allot_remainder },
      { PG_INT8, product_allot_number },
      { PG_UUID, product_last_id },
      { PG_INT2, product_last_origin },
      { PG_INT4, product_last_step })

FIELD(subscription_id, struct subscription, pg_put_uuid(out, &row->id))
FIELD(subscription_origin, struct subscription, pg_put_int16(out, (int16_t)row->origin))
FIELD(subscription_number, struct subscription, pg_put_int64(out, row->number))
FIELD(subscription_product, struct subscription, pg_put_int64(out, row->product_number))
FIELD(subscription_account, struct subscription, put_ident(out, &row->account))
FIELD(subscription_quantity, struct subscription, pg_put_int64(out, row->quantity))
FIELD(subscription_price, struct subscription, pg_put_int64(out, row->price))
FIELD(subscription_allotted, struct subscription,
      row->state == SUBSCRIPTION_SETTLED ? pg_put_int64(out, row->allotted) : pg_put_null(out))
FIELD(subscription_state, struct subscription, pg_put_int16(out, (int16_t)row->state))
TABLE(pg_columns_subscription_new,
      { PG_UUID, subscription_id },
      { PG_INT2, subscription_origin },
      { PG_INT8, subscription_number },
      { PG_INT8, subscription_product },
      { PG_TEXT, subscription_account },
      { PG_INT8, subscription_quantity },
      { PG_INT8, subscription_price },
      { PG_INT8, subscription_allotted },
      { PG_INT2, subscription_state })

TABLE(pg_columns_subscription_change,
      { PG_UUID, subscription_id },
      { PG_INT2, subscription_origin },
      { PG_INT8, subscription_allotted },
      { PG_INT2, subscription_state })

FIELD(subscription_key_id, struct subscription_key, pg_put_uuid(out, &row->id))
FIELD(subscription_key_origin, struct subscription_key, pg_put_int16(out, (int16_t)row->origin))
TABLE(pg_columns_subscription_key,
      { PG_UUID, subscription_key_id },
      { PG_INT2, subscription_key_origin })

FIELD(buyer_product, struct buyer, pg_put_int64(out, row->product_number))
FIELD(buyer_account, struct buyer, put_ident(out, &row->account))
FIELD(buyer_quantity, struct buyer, pg_put_int64(out, row->quantity))
TABLE(pg_columns_buyer,
      { PG_INT8, buyer_product },
      { PG_TEXT, buyer_account },
      { PG_INT8, buyer_quantity })

FIELD(buyer_key_product, struct buyer_key, pg_put_int64(out, row->product_number))
FIELD(buyer_key_account, struct buyer_key, put_ident(out, &row->account))
TABLE(pg_columns_buyer_key,
      { PG_INT8, buyer_key_product },
      { PG_TEXT, buyer_key_account })
