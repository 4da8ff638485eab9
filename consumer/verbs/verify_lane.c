#include "consumer/verbs/verify_lane.h"

#include <stdio.h>
#include <string.h>

#include "consumer/adapters/pg_audit.h"
#include "consumer/adapters/pg_audit_sales.h"
#include "consumer/verbs/verify_accounts.h"
#include "consumer/verbs/verify_holds.h"
#include "consumer/verbs/verify_products.h"
#include "consumer/verbs/verify_walk.h"

#define REST_OFFSETS                                                                               \
    20000             /* so much of the log may be left for the snapshot; more is read before */
#define ROUNDS_MAX 16 /* against a lane that grows as fast as it is read */

struct proof {
    struct pg_conn *conn;
    uint16_t lane;
    struct pg_lane row;
    struct verify_totals totals;
    struct verify_accounts accounts;
    struct verify_products products;
    struct verify_holds holds;
    struct verify_walk walk;
    struct verify_counts *counts;
    struct finding *finding;
    int64_t known; /* accounts up to this number are announced */
};

static void proof_init(struct proof *proof, struct pg_conn *conn, uint16_t lane,
                       struct verify_counts *counts, struct finding *finding) {
    memset(proof, 0, sizeof *proof);
    proof->conn = conn;
    proof->lane = lane;
    proof->counts = counts;
    proof->finding = finding;
    verify_accounts_init(&proof->accounts, &proof->totals);
    verify_walk_init(&proof->walk, conn, lane);
    proof->walk.books = (struct verify_books){&proof->accounts, &proof->products};
    proof->walk.holds = &proof->holds;
    proof->walk.finding = finding;
}

static void proof_close(struct proof *proof) {
    verify_walk_close(&proof->walk);
    verify_accounts_close(&proof->accounts);
    verify_products_close(&proof->products);
    verify_totals_close(&proof->totals);
}

/* ---- rows that come by stream ---- */

static void announce(void *context, const struct account *row) {
    struct proof *proof = context;
    (void)verify_accounts_announce(&proof->accounts, row, proof->finding);
}

static void compare_account(void *context, const struct account *row) {
    struct proof *proof = context;
    proof->counts->accounts++;
    (void)verify_accounts_row(&proof->accounts, row, proof->finding);
}

static void count_hold(void *context, const struct hold *row) {
    struct proof *proof = context;
    proof->counts->holds++;
    verify_holds_row(&proof->holds, row);
    (void)verify_accounts_hold(&proof->accounts, row, proof->finding);
}

static void add_system(void *context, enum system_role role, const struct asset *asset,
                       money_wide balance) {
    struct proof *proof = context;
    if (role < SYSTEM_WORLD || role >= SYSTEM_ROLES) {
        (void)finding_set(proof->finding, 0, "system account of role %d", (int)role);
        return;
    }
    const size_t index = verify_totals_index(&proof->totals, asset);
    proof->totals.items[index].stored[role] += balance;
}

static void unreadable(void *context, const char *what, const char *which) {
    struct proof *proof = context;
    (void)finding_set(proof->finding, 0, "%s %s: not a row of ours", what, which);
}

static void announce_product(void *context, const struct product *row) {
    struct proof *proof = context;
    (void)verify_products_announce(&proof->products, &proof->accounts, row, proof->finding);
}

static void compare_product(void *context, const struct product *row) {
    struct proof *proof = context;
    proof->counts->products++;
    (void)verify_products_row(&proof->products, &proof->accounts, row, proof->finding);
}

static void compare_subscription(void *context, const struct subscription *row) {
    struct proof *proof = context;
    proof->counts->subscriptions++;
    (void)verify_products_subscription(&proof->products, &proof->accounts, row, proof->finding);
}

static void compare_buyer(void *context, const struct buyer *row) {
    struct proof *proof = context;
    (void)verify_products_buyer(&proof->products, &proof->accounts, row, proof->finding);
}

static struct audit_sales sales_of(struct proof *proof) {
    return (struct audit_sales){.context = proof,
                                .product = announce_product,
                                .subscription = compare_subscription,
                                .buyer = compare_buyer,
                                .unreadable = unreadable};
}

static struct audit_each each_of(struct proof *proof) {
    return (struct audit_each){.context = proof,
                               .account = announce,
                               .hold = count_hold,
                               .system = add_system,
                               .unreadable = unreadable};
}

/* ---- the proof ---- */

/* Reads the lane row, and announces the accounts and products that were opened since the last
 * look. */
static enum pg_answer look(struct proof *proof, struct pg_failure *failure) {
    const struct audit_each each = each_of(proof);
    enum pg_answer answer = pg_audit_lane(proof->conn, proof->lane, &proof->row, failure);
    if (answer == PG_DONE) {
        answer = pg_audit_accounts(proof->conn, proof->lane, proof->known, &each, failure);
    }
    const struct audit_sales sales = sales_of(proof);
    if (answer == PG_DONE) {
        answer = pg_audit_sales_products(proof->conn, proof->lane, proof->known, &sales, failure);
    }
    proof->known = proof->row.row.next_number - 1;
    return answer;
}

static bool little_is_left(const struct proof *proof) {
    const struct lane_row *row = &proof->row.row;
    return row->next_seal == proof->walk.next_seal ||
           (proof->walk.next_seal > 1 && row->next_offset - proof->walk.last_offset < REST_OFFSETS);
}

static enum pg_answer compare_sales(struct proof *proof, struct pg_failure *failure) {
    struct audit_sales each = sales_of(proof);
    each.product = compare_product;
    enum pg_answer answer =
        pg_audit_sales_products(proof->conn, proof->lane, INT64_MIN, &each, failure);
    if (answer == PG_DONE && !proof->finding->found) {
        answer = pg_audit_sales_subscriptions(proof->conn, proof->lane, &each, failure);
    }
    if (answer == PG_DONE && !proof->finding->found) {
        answer = pg_audit_sales_buyers(proof->conn, proof->lane, &each, failure);
    }
    return answer;
}

/* Everything that changes, and the rest of what does not, as one moment shows it. */
static enum pg_answer compare(struct proof *proof, struct pg_failure *failure) {
    struct audit_each each = each_of(proof);
    enum pg_answer answer = verify_walk_to(&proof->walk, proof->row.row.next_seal, failure);
    if (answer == PG_DONE && !proof->finding->found) {
        answer = verify_walk_end(&proof->walk, &proof->row, failure);
    }
    if (answer == PG_DONE && !proof->finding->found) {
        answer = pg_audit_holds(proof->conn, proof->lane, &each, failure);
    }
    each.account = compare_account;
    if (answer == PG_DONE && !proof->finding->found) {
        answer = pg_audit_accounts(proof->conn, proof->lane, INT64_MIN, &each, failure);
    }
    if (answer == PG_DONE && !proof->finding->found) {
        answer = compare_sales(proof, failure);
    }
    if (answer == PG_DONE && !proof->finding->found) {
        answer = pg_audit_systems(proof->conn, proof->lane, &each, failure);
    }
    return answer;
}

static void conclude(struct proof *proof, struct verify_totals *ledger) {
    (void)(verify_accounts_complete(&proof->accounts, proof->row.row.next_number, proof->finding) &&
           verify_products_check(&proof->products, proof->finding) &&
           verify_holds_check(&proof->holds, proof->finding) &&
           verify_totals_check(&proof->totals, proof->finding));
    verify_totals_merge(ledger, &proof->totals);
}

/* A number says nothing to people: puts the account's name in front. */
static enum pg_answer name_account(struct proof *proof, struct pg_failure *failure) {
    char text[FINDING_TEXT_MAX];
    struct ident name;
    struct finding *finding = proof->finding;
    if (!finding->found || finding->account_number == 0) {
        return PG_DONE;
    }
    const enum pg_answer answer =
        pg_audit_account_name(proof->conn, proof->lane, finding->account_number, &name, failure);
    memcpy(text, finding->text, sizeof text);
    (void)snprintf(finding->text, sizeof finding->text, "account %.64s: %.640s",
                   name.len > 0 ? name.text : "without a row", text);
    return answer;
}

/* Rounds without a snapshot over what cannot change any more, then the snapshot. */
static enum pg_answer prove(struct proof *proof, struct pg_failure *failure) {
    enum pg_answer answer = PG_DONE;
    for (int round = 0; answer == PG_DONE && !proof->finding->found; round++) {
        answer = pg_audit_begin(proof->conn, failure);
        if (answer == PG_DONE) {
            answer = look(proof, failure);
        }
        const bool last = round == ROUNDS_MAX || little_is_left(proof);
        if (answer == PG_DONE && last) {
            answer = compare(proof, failure);
        }
        if (answer == PG_DONE) {
            answer = pg_audit_end(proof->conn, failure);
        }
        if (last) {
            break;
        }
        if (answer == PG_DONE && !proof->finding->found) {
            answer = verify_walk_to(&proof->walk, proof->row.row.next_seal, failure);
        }
    }
    return answer;
}

enum pg_answer verify_lane(struct pg_conn *conn, uint16_t lane, struct verify_counts *counts,
                           struct verify_totals *ledger, struct finding *finding,
                           struct pg_failure *failure) {
    struct proof proof;
    proof_init(&proof, conn, lane, counts, finding);
    enum pg_answer answer = prove(&proof, failure);
    if (answer == PG_DONE) {
        conclude(&proof, ledger);
        answer = name_account(&proof, failure);
    }
    counts->rows += proof.walk.rows;
    counts->quarantined += proof.walk.quarantined;
    counts->seals += (uint64_t)(proof.walk.next_seal - 1);
    proof_close(&proof);
    return answer;
}
