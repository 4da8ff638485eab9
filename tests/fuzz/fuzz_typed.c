#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/money.h"
#include "producer/draft.h"
#include "tests/harness/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What a user might type: one line each. */
struct typed {
    char *id;
    char *account;
    char *amount;
};

/* There is one way to write a number: what is read must print as it was typed. */
static bool check_amount(const char *text, int64_t *amount) {
    if (!money_parse(text, strlen(text), amount)) {
        return false;
    }
    char again[32];
    snprintf(again, sizeof again, "%" PRId64, *amount);
    must(strcmp(again, text) == 0, "%s was read as %s", text, again);
    return true;
}

static bool check_id(const char *text, struct uuid *id) {
    if (!uuid_parse(text, strlen(text), id)) {
        return false;
    }
    char again[UUID_TEXT_LEN + 1];
    uuid_format(id, again);
    for (size_t i = 0; i <= UUID_TEXT_LEN; i++) {
        must(again[i] == tolower((unsigned char)text[i]), "%s was read as %s", text, again);
    }
    return true;
}

static bool check_account(const char *text, struct ident *account) {
    if (!ident_parse(text, strlen(text), account)) {
        return false;
    }
    must(strcmp(account->text, text) == 0, "%s was read as %s", text, account->text);
    return true;
}

/* A draft of a deposit is accepted if and only if its parts are, and keeps them. */
static void check_draft(const struct typed *typed, const struct uuid *id) {
    struct arena arena;
    struct draft draft;
    struct command command;
    struct refusal why;
    struct ident account;
    int64_t amount = 0;
    must(arena_init(&arena, COMMAND_JSON_ARENA), "out of memory");
    draft_open(&draft, id, "deposit");
    draft_add_text(&draft, "account", typed->account);
    draft_add_number(&draft, "amount", typed->amount);
    bool accepted = draft_finish(&draft, &arena, &command, &why);
    bool good_account = check_account(typed->account, &account);
    bool good_amount = check_amount(typed->amount, &amount) && amount > 0;
    must(accepted == (good_account && good_amount), "%s", draft.json.text);
    must(!accepted || (command.amount == amount && ident_equal(&command.entity, &account) &&
                       uuid_equal(&command.id, id)),
         "%s was decoded as something else", draft.json.text);
    draft_close(&draft);
    arena_close(&arena);
}

static char *cut_line(char **rest) {
    char *line = *rest;
    *rest += strcspn(line, "\n");
    if (**rest == '\n') {
        *(*rest)++ = '\0';
    }
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    char *copy = malloc(len + 1);
    must(copy != NULL, "out of memory");
    if (len > 0) {
        memcpy(copy, bytes, len);
    }
    copy[len] = '\0';
    char *rest = copy;
    struct typed typed;
    typed.id = cut_line(&rest);
    typed.account = cut_line(&rest);
    typed.amount = cut_line(&rest);
    struct uuid id = {.bytes = {0}};
    check_id(typed.id, &id);
    check_draft(&typed, &id);
    free(copy);
    return 0;
}
