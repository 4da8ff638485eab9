/* How the oracle writes: one record of a tape, and what it changes in the books of its lane. For
 * the oracle's own files. */
#ifndef TELLER_SIM_PAGE_H
#define TELLER_SIM_PAGE_H

#include "tests/sim/oracle.h"

struct page {
    struct oracle *oracle;
    struct memory_store *books;
    uint16_t lane;
    const struct tape_record *record;
    size_t index; /* of the record */
    int64_t at_ms;
};

/* The row that a step makes. */
struct line {
    struct journal_key key;
    enum command_type type;
    enum outcome outcome;
    const char *detail;
    int64_t amount;
    int64_t held_delta;
    int64_t price;
    enum system_role role;       /* the other side of the amount */
    const struct ident *counter; /* NULL: none */
};

struct account *page_account(const struct page *page, const struct ident *id);
struct hold *page_hold(const struct page *page, const struct uuid *id);
struct product *page_product(const struct page *page, const struct ident *id);
struct subscription *page_subscription(const struct page *page, const struct uuid *id,
                                       uint16_t origin);
int64_t *page_bought(const struct page *page, int64_t product, const struct ident *account);
const struct journal_row *page_row(const struct page *page, const struct journal_key *key);

/* The client's own step, as its record says. */
struct line page_own(const struct page *page, enum outcome outcome);

/* A row that changes nothing. */
void page_note(struct page *page, const struct ident *entity, const struct line *line);
void page_note_product(struct page *page, const struct ident *entity, const struct line *line);
/* Rows that do: the next in the history of an account or product. */
void page_post(struct page *page, struct account *account, const struct line *line);
void page_post_product(struct page *page, struct product *product, const struct line *line);
/* Money for someone who cannot have it. */
void page_suspend(struct page *page, const struct leg_body *body, const struct line *line);

/* Refusals: of all that apply, the one that stands first in common/outcome.h. */
void page_object(enum outcome *refusal, bool wrong, enum outcome reason);
enum outcome page_standing(const struct account *account, enum command_type type);
enum outcome page_agreement(const struct command *command, const struct asset *asset,
                            int64_t version);
enum outcome page_may_add(const struct account *account, int64_t amount);
enum outcome page_may_take(const struct account *account, int64_t amount);

/* The command goes on in the lane of message->body.target: here, or by a leg. */
void page_pass(struct page *page, enum leg_kind kind, uint16_t origin, int32_t step,
               const struct leg_body *body);

/* The command of that id is over. */
void page_end(struct page *page, const struct uuid *id, uint16_t origin, enum outcome outcome);

/* ---- what the other files do ---- */

enum outcome oracle_account_command(struct page *page);
enum outcome oracle_hold_command(struct page *page);
enum outcome oracle_reverse(struct page *page);
enum outcome oracle_group(struct page *page, char detail[64]);
enum outcome oracle_transfer(struct page *page);
enum outcome oracle_product_command(struct page *page);
enum outcome oracle_order(struct page *page);
void oracle_expire(struct page *page, struct hold *hold);
void oracle_tick(struct page *page);
enum outcome oracle_sell(struct page *page, const struct leg_body *body, uint16_t origin,
                         struct line *line);
enum outcome oracle_cancel(struct page *page, const struct leg_body *body, uint16_t origin,
                           struct line *line);
int64_t oracle_share(const struct page *page, const struct product *product,
                     const struct subscription *own);
void oracle_go_on(struct page *page);
void oracle_take(struct page *page, const struct leg_message *message);

#endif
