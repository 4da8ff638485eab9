#include "consumer/adapters/pg_audit_sales.h"

#include "consumer/adapters/pg_audit_query.h"
#include "consumer/adapters/pg_audit_sql.h"
#include "consumer/adapters/pg_audit_text.h"

enum product_column {
    P_NUMBER,
    P_ID,
    P_CURRENCY,
    P_PRICE,
    P_STOCK,
    P_SOLD,
    P_SUBSCRIBED,
    P_CAP,
    P_CAP_PER_ACCOUNT,
    P_VERSION,
    P_NEXT_SUBSCRIPTION,
    P_MODE,
    P_STATE,
    P_ALLOT_TOTAL,
    P_ALLOT_REMAINDER,
    P_ALLOT_NUMBER,
    P_LAST_ID,
    P_LAST_ORIGIN,
    P_LAST_STEP,
    P_SELLER,
};

static void read_units(const struct pg_rows *rows, struct product *row) {
    row->number = pg_rows_int(rows, 0, P_NUMBER);
    row->price = pg_rows_int(rows, 0, P_PRICE);
    row->stock = pg_rows_int(rows, 0, P_STOCK);
    row->sold = pg_rows_int(rows, 0, P_SOLD);
    row->subscribed = pg_rows_int(rows, 0, P_SUBSCRIBED);
    row->cap = pg_rows_int(rows, 0, P_CAP);
    row->cap_per_account = pg_rows_int(rows, 0, P_CAP_PER_ACCOUNT);
    row->version = pg_rows_int(rows, 0, P_VERSION);
    row->next_subscription = pg_rows_int(rows, 0, P_NEXT_SUBSCRIPTION);
    row->mode = (enum product_mode)pg_rows_int(rows, 0, P_MODE);
    row->state = (enum product_state)pg_rows_int(rows, 0, P_STATE);
    row->allot_total = pg_rows_int(rows, 0, P_ALLOT_TOTAL);
    row->allot_remainder = pg_rows_int(rows, 0, P_ALLOT_REMAINDER);
    row->allot_number = pg_rows_int(rows, 0, P_ALLOT_NUMBER);
    row->last.origin = (uint16_t)pg_rows_int(rows, 0, P_LAST_ORIGIN);
    row->last.step = (int32_t)pg_rows_int(rows, 0, P_LAST_STEP);
}

static bool each_product(const struct pg_rows *rows, void *context) {
    const struct audit_sales *each = context;
    struct product row = {.number = 0};
    read_units(rows, &row);
    bool readable =
        pg_audit_text_ident(rows, 0, P_ID, &row.id) &&
        pg_audit_text_asset(rows, 0, P_CURRENCY, &row.currency) &&
        pg_audit_text_uuid(rows, 0, P_LAST_ID, &row.last.id) &&
        (pg_rows_null(rows, 0, P_SELLER) || pg_audit_text_ident(rows, 0, P_SELLER, &row.seller));
    if (readable) {
        each->product(each->context, &row);
    } else {
        each->unreadable(each->context, "product", pg_rows_text(rows, 0, P_ID));
    }
    return true;
}

static bool each_subscription(const struct pg_rows *rows, void *context) {
    const struct audit_sales *each = context;
    struct subscription row = {.origin = (uint16_t)pg_rows_int(rows, 0, 1)};
    row.number = pg_rows_int(rows, 0, 2);
    row.product_number = pg_rows_int(rows, 0, 3);
    row.quantity = pg_rows_int(rows, 0, 5);
    row.price = pg_rows_int(rows, 0, 6);
    row.allotted = pg_rows_int(rows, 0, 7);
    row.state = (enum subscription_state)pg_rows_int(rows, 0, 8);
    if (pg_audit_text_uuid(rows, 0, 0, &row.id) && pg_audit_text_ident(rows, 0, 4, &row.account)) {
        each->subscription(each->context, &row);
    } else {
        each->unreadable(each->context, "subscription", pg_rows_text(rows, 0, 0));
    }
    return true;
}

static bool each_buyer(const struct pg_rows *rows, void *context) {
    const struct audit_sales *each = context;
    struct buyer row = {.product_number = pg_rows_int(rows, 0, 0)};
    row.quantity = pg_rows_int(rows, 0, 2);
    if (pg_audit_text_ident(rows, 0, 1, &row.account)) {
        each->buyer(each->context, &row);
    } else {
        each->unreadable(each->context, "buyer", pg_rows_text(rows, 0, 1));
    }
    return true;
}

enum pg_answer pg_audit_sales_products(struct pg_conn *conn, uint16_t lane, int64_t above,
                                       const struct audit_sales *each, struct pg_failure *failure) {
    struct audit_sales copy = *each;
    return pg_audit_stream(conn, SQL_AUDIT_PRODUCTS, (struct pg_audit_values){2, {lane, above}},
                           each_product, &copy, failure);
}

enum pg_answer pg_audit_sales_subscriptions(struct pg_conn *conn, uint16_t lane,
                                            const struct audit_sales *each,
                                            struct pg_failure *failure) {
    struct audit_sales copy = *each;
    return pg_audit_stream(conn, SQL_AUDIT_SUBSCRIPTIONS, (struct pg_audit_values){1, {lane}},
                           each_subscription, &copy, failure);
}

enum pg_answer pg_audit_sales_buyers(struct pg_conn *conn, uint16_t lane,
                                     const struct audit_sales *each, struct pg_failure *failure) {
    struct audit_sales copy = *each;
    return pg_audit_stream(conn, SQL_AUDIT_BUYERS, (struct pg_audit_values){1, {lane}}, each_buyer,
                           &copy, failure);
}
