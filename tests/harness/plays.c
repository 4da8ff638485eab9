#include "tests/harness/plays.h"

#include <stdarg.h>
#include <string.h>

#include "tests/harness/commands.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/wait.h"
#include "tests/harness/worker.h"

#define FIELDS_MAX 1024
#define NAME_MAX_LEN 64
#define TIMEOUT_MS 120000

const struct play *play_at(size_t index) {
    static const struct play *const tables[] = {plays_remittance, plays_sale, plays_deal};
    for (size_t table = 0; table < sizeof tables / sizeof *tables; table++) {
        for (const struct play *play = tables[table]; play->name != NULL; play++) {
            if (index-- == 0) {
                return play;
            }
        }
    }
    return NULL;
}

const struct play *play_find(const char *name) {
    const struct play *play = NULL;
    for (size_t i = 0; (play = play_at(i)) != NULL && strcmp(play->name, name) != 0;) {
        i++;
    }
    must(play != NULL, "no play is called %s", name);
    return play;
}

bool play_is_settled(void *context) {
    const struct ledger *ledger = context;
    return db_int(ledger->db, "SELECT count(*) FROM teller.v1_in_flight", -1) == 0;
}

static void apply(const struct ledger *ledger, const char *path) {
    struct captured captured;
    ledger_teller(ledger, &captured, NULL,
                  (const char *const[]){"apply", path, "--wait", "--timeout", "100", NULL});
    must(captured.status == 0, "%s ended with %d: %s%s", path, captured.status, captured.out,
         captured.err);
    captured_close(&captured);
    worker_wait_drained(ledger, TIMEOUT_MS);
    wait_for("legs to arrive", play_is_settled, (void *)(uintptr_t)ledger, TIMEOUT_MS);
}

void play_prepare(const struct ledger *ledger, const struct play *const *plays, size_t count) {
    struct prng prng;
    prng_seed(&prng, 4);
    for (int act = 0; act < 2; act++) {
        char path[LEDGER_TEXT_MAX + 32];
        snprintf(path, sizeof path, "%s/prepare-%d.ndjson", ledger->logs, act);
        FILE *script = fopen(path, "w");
        must(script != NULL, "cannot write %s", path);
        for (size_t i = 0; i < count; i++) {
            if (act == 0) {
                plays[i]->open(script, &prng);
            } else if (plays[i]->fill != NULL) {
                plays[i]->fill(script, &prng);
            }
        }
        long length = ftell(script);
        must(fclose(script) == 0, "cannot write %s", path);
        if (length > 0) {
            apply(ledger, path);
        }
    }
}

void play_say(FILE *script, struct prng *prng, const char *fields, ...) {
    char id[UUID_TEXT_LEN + 1];
    char text[FIELDS_MAX];
    va_list list;
    va_start(list, fields);
    int len = vsnprintf(text, sizeof text, fields, list);
    va_end(list);
    must(len > 0 && len < FIELDS_MAX, "too long: %s", fields);
    for (char *at = text; *at != '\0'; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    commands_new_id(prng, id);
    if (strstr(text, "\"id\":") != NULL) {
        fprintf(script, "{\"v\":1,%s}\n", text);
    } else {
        fprintf(script, "{\"v\":1,\"id\":\"%s\",%s}\n", id, text);
    }
}

void play_account(FILE *script, struct prng *prng, int64_t balance, const char *name, ...) {
    char text[NAME_MAX_LEN];
    va_list list;
    va_start(list, name);
    vsnprintf(text, sizeof text, name, list);
    va_end(list);
    play_say(script, prng, "'type':'account.open','account':'%s','currency':'KRW'", text);
    if (balance > 0) {
        play_say(script, prng, "'type':'deposit','account':'%s','amount':%lld", text,
                 (long long)balance);
    }
}

int64_t play_ask(const struct ledger *ledger, const char *sql, ...) {
    char text[FIELDS_MAX];
    va_list list;
    va_start(list, sql);
    int len = vsnprintf(text, sizeof text, sql, list);
    va_end(list);
    must(len > 0 && len < FIELDS_MAX, "too long: %s", sql);
    return db_int(ledger->db, text, -1);
}

int64_t play_outcomes(const struct ledger *ledger, const char *names, const char *word) {
    return play_ask(ledger,
                    "SELECT count(*) FROM teller.v1_outcome"
                    " WHERE coalesce(account, product) LIKE '%s'"
                    " AND type NOT IN ('account.open', 'deposit', 'product.create')"
                    " AND coalesce(reason, state) = '%s'",
                    names, word);
}

int64_t play_balance(const struct ledger *ledger, const char *account) {
    return play_ask(ledger, "SELECT balance FROM teller.v1_account WHERE account = '%s'", account);
}

int64_t play_stock(const struct ledger *ledger, const char *product) {
    return play_ask(ledger, "SELECT stock FROM teller.v1_product WHERE product = '%s'", product);
}

void play_same(int64_t is, int64_t should_be, const char *what) {
    must(is == should_be, "%s: %lld, not %lld", what, (long long)is, (long long)should_be);
}
