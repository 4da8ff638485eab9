/* What the parts of the reference model do with its books: one command or leg at a time. */
#ifndef TELLER_TESTS_HARNESS_MODEL_STEPS_H
#define TELLER_TESTS_HARNESS_MODEL_STEPS_H

#include "tests/harness/model_books.h"

/* ---- fields of a command; the model is given valid ones only ---- */

bool field_has(const json_t *command, const char *field);
const char *field_text(const json_t *command, const char *field);
int64_t field_number(const json_t *command, const char *field, int64_t missing);
struct uuid field_id(const json_t *command, const char *field);
/* len 0 where it is missing. */
struct ident field_ident(const json_t *command, const char *field);

/* ---- rules ---- */

/* Carries out a command that its lane has not met before; entry->shown gets the answer's outcome,
 * balance and version. */
void rules_run(struct model *model, struct book_entry *entry, const json_t *command);

int64_t rules_available(const struct model_account *account);
/* Whether a deposit of that much would be taken; changes nothing. */
enum outcome rules_may_add(const struct model_account *account, int64_t amount);

/* What follows from a pending command, in this lane or another. */
void model_saga_begin(struct model *model, struct book_entry *entry, const json_t *command);
void model_saga_take(struct model *model, const struct book_leg *leg);
/* The same text of the two, as far as it matters to the target. */
bool model_saga_same(const struct book_leg *a, const struct book_leg *b);
/* Goes on in the lane of leg->body.target. */
void model_saga_pass(struct model *model, const struct book_leg *leg);

/* A command that is keyed by a product. */
enum outcome model_sale_command(struct model *model, const json_t *command);
enum outcome model_sale_order(struct book_entry *entry, const json_t *command);
/* The product's step; *price gets the unit price. */
enum outcome model_sale_sell(struct model *model, const struct book_leg *leg, int64_t *price);
enum outcome model_sale_cancel(struct model *model, const struct book_leg *leg);
void model_sale_chunk(struct model *model, const struct book_leg *leg);

#endif
