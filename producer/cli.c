#include "producer/cli.h"

#include <string.h>

#include "common/kafka/kconf.h"
#include "common/rt/clock.h"
#include "producer/verbs.h"

#define BROKER (SETTINGS_KAFKA | SETTINGS_SEND)
#define ONE (BROKER | SETTINGS_ONE)
#define COMMAND (ONE | SETTINGS_COMMON)

/* A verb that sends one command on an account; `field` is what its second operand is. */
#define SEND(name, type, groups, summary)                                                          \
    {                                                                                              \
        name, "ACCOUNT", 1, 1, groups, verb_command, summary, type, {                              \
            "account"                                                                              \
        }                                                                                          \
    }
#define SEND_WITH(name, operand, field, type, groups, summary)                                     \
    {                                                                                              \
        name, "ACCOUNT " operand, 2, 2, groups, verb_command, summary, type, {                     \
            "account", field                                                                       \
        }                                                                                          \
    }
#define SEND_TWO(name, operands, second, third, type, groups, summary)                             \
    {                                                                                              \
        name, "ACCOUNT " operands, 3, 3, groups, verb_command, summary, type, {                    \
            "account", second, third                                                               \
        }                                                                                          \
    }
#define PRODUCT(name, type, groups, summary)                                                       \
    {                                                                                              \
        name, "PRODUCT", 1, 1, groups, verb_command, summary, type, {                              \
            "product"                                                                              \
        }                                                                                          \
    }
#define PRODUCT_WITH(name, operand, field, type, groups, summary)                                  \
    {                                                                                              \
        name, "PRODUCT " operand, 2, 2, groups, verb_command, summary, type, {                     \
            "product", field                                                                       \
        }                                                                                          \
    }
#define OTHER(name, operands, least, most, groups, run, summary)                                   \
    {                                                                                              \
        name, operands, least, most, groups, run, summary, NULL, {                                 \
            NULL                                                                                   \
        }                                                                                          \
    }

const struct verb cli_verbs[] = {
    SEND("open", "account.open", ONE | SETTINGS_OPEN, "Open an account in one asset"),
    SEND("close", "account.close", COMMAND, "Close an empty account for ever"),
    SEND("freeze", "account.freeze", COMMAND, "Stop clients from moving an account's money"),
    SEND("unfreeze", "account.unfreeze", COMMAND, "End a freeze"),
    SEND_WITH("deposit", "AMOUNT", "amount", "deposit", COMMAND,
              "Put money in; amounts are whole minor units"),
    SEND_WITH("withdraw", "AMOUNT", "amount", "withdraw", COMMAND,
              "Take money out, not below the floor"),
    SEND_WITH("hold", "AMOUNT", "amount", "hold", COMMAND | SETTINGS_HOLD,
              "Set money aside; the command's id names the hold"),
    SEND_WITH("capture", "HOLD", "hold", "capture", COMMAND | SETTINGS_CAPTURE,
              "Take money that is held, and end the hold"),
    SEND_WITH("release", "HOLD", "hold", "release", COMMAND,
              "End a hold; its money is available again"),
    SEND_WITH("reverse", "ID", "of", "reverse", COMMAND,
              "Undo a deposit, a withdrawal, or a transfer to ACCOUNT, once"),
    SEND_TWO("transfer", "TO AMOUNT", "to", "amount", "transfer", COMMAND,
             "Move money from one account to another"),
    SEND_WITH("purchase", "PRODUCT", "product", "purchase", COMMAND | SETTINGS_PURCHASE,
              "Buy pieces of a product with an account's money"),
    SEND_WITH("subscribe", "PRODUCT", "product", "subscribe", COMMAND | SETTINGS_PURCHASE,
              "Ask for pieces of a product; its id names the subscription"),
    SEND_TWO("unsubscribe", "PRODUCT ID", "product", "subscription", "unsubscribe", COMMAND,
             "Take a subscription back before the product is finalized"),
    PRODUCT("product create", "product.create", ONE | SETTINGS_CREATE,
            "Put a product up for sale or subscription"),
    PRODUCT_WITH("product restock", "QUANTITY", "quantity", "product.restock",
                 COMMAND | SETTINGS_SIGNED, "Add pieces; -- -N takes them away"),
    PRODUCT_WITH("product price", "AMOUNT", "price", "product.price", COMMAND,
                 "Change the price of one piece"),
    PRODUCT("product finalize", "product.finalize", COMMAND,
            "End the sale, or allot the subscriptions; once"),
    SEND_WITH("group", "JSON", "commands", "group", COMMAND,
              "Up to 16 commands on one account, all or nothing"),
    OTHER("apply", "FILE|-", 1, 1, BROKER | SETTINGS_APPLY, verb_apply,
          "Send the commands of an NDJSON file"),
    OTHER("balance", "ACCOUNT", 1, 1, SETTINGS_READ, verb_balance, "Show an account's balance"),
    OTHER("history", "ACCOUNT", 1, 1, SETTINGS_READ | SETTINGS_HISTORY, verb_history,
          "List an account's newest entries"),
    OTHER("product", "PRODUCT", 1, 1, SETTINGS_READ, verb_product,
          "Show a product's price and stock"),
    OTHER("outcome", "ID", 1, 1, SETTINGS_READ, verb_outcome, "Show what became of a command"),
    OTHER("workload", "", 0, 0, BROKER | SETTINGS_WORKLOAD, verb_workload,
          "Send generated commands, for load tests"),
    OTHER("config", "show", 1, 1, SETTINGS_SHOWN, verb_config, "Show the settings in force"),
    OTHER("completion", "bash", 1, 1, 0, verb_completion, "Print a completion script"),
    OTHER("help", "[VERB|TOPIC]", 0, 2, 0, verb_help, "Explain a verb or a topic"),
    OTHER("version", "", 0, 0, 0, verb_version, "Print the version"),
};
const int cli_verbs_count = sizeof cli_verbs / sizeof *cli_verbs;

const struct verb *cli_find_verb(const char *name) {
    for (int i = 0; i < cli_verbs_count; i++) {
        if (strcmp(cli_verbs[i].name, name) == 0) {
            return &cli_verbs[i];
        }
    }
    return NULL;
}

int cli_verb_words(const struct verb *verb) {
    return strchr(verb->name, ' ') == NULL ? 1 : 2;
}

int cli_fail(const struct err *err) {
    render_error(err);
    return err_exit_code(err->kind);
}

void cli_render(const struct cli *cli, struct render *render) {
    enum render_form form = cli->settings.json    ? RENDER_JSON
                            : cli->settings.plain ? RENDER_PLAIN
                                                  : RENDER_TEXT;
    render_init(render, stdout, form, cli->settings.quiet);
}

static struct uuid id_of_key(const char *key, int64_t line) {
    struct strbuf name = STRBUF_INIT;
    strbuf_add_text(&name, key);
    if (line > 0) {
        strbuf_printf(&name, ":%lld", (long long)line);
    }
    struct uuid id = uuid_v5(name.text, name.len);
    strbuf_close(&name);
    return id;
}

bool cli_choose_id(const struct settings *settings, int64_t line, struct uuid *id, bool *repeatable,
                   struct err *err) {
    *repeatable = true;
    if (settings->id != NULL && settings->idempotency_key != NULL) {
        return err_set(err, ERR_USAGE, "--id and --idempotency-key: give one of them");
    }
    if (settings->id != NULL) {
        return uuid_parse(settings->id, strlen(settings->id), id) ||
               err_set(err, ERR_DATA,
                       "--id: must be a UUID, such as "
                       "0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c");
    }
    if (settings->idempotency_key != NULL) {
        if (settings->idempotency_key[0] == '\0') {
            return err_set(err, ERR_DATA, "--idempotency-key: must not be empty");
        }
        *id = id_of_key(settings->idempotency_key, line);
        return true;
    }
    uint8_t dice[10];
    clock_random(dice, sizeof dice);
    *id = uuid_v7(clock_unix_ms(), dice);
    *repeatable = false;
    return true;
}

/* As a POSIX shell reads it back: in single quotes where a byte could mean something to it. */
static void add_word(struct strbuf *line, const char *word) {
    static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789@%+=:,./_-";
    if (word[0] != '\0' && word[strspn(word, harmless)] == '\0') {
        strbuf_add_text(line, word);
        return;
    }
    strbuf_add_char(line, '\'');
    for (const char *at = word; *at != '\0'; at++) {
        if (*at == '\'') {
            strbuf_add_text(line, "'\\''");
        } else {
            strbuf_add_char(line, *at);
        }
    }
    strbuf_add_char(line, '\'');
}

/* True for "sasl.password=..." and the like, alone or behind -X or --property=. */
static bool is_secret(const char *word) {
    const char *start = strncmp(word, "-X", 2) == 0 ? word + 2 : word;
    if (strncmp(word, "--property=", 11) == 0) {
        start = word + 11;
    }
    char property[128];
    size_t len = strcspn(start, "=");
    if (start[len] == '\0' || len == 0 || len >= sizeof property) {
        return false;
    }
    memcpy(property, start, len);
    property[len] = '\0';
    return kconf_is_secret(property);
}

/* True for a conninfo or URI of --db, alone or behind the option, that has a password in it. */
static bool is_secret_db(const struct cli *cli, const char *word) {
    const char *db = cli->settings.db;
    if (db == NULL || strlen(word) < strlen(db) ||
        strcmp(word + strlen(word) - strlen(db), db) != 0) {
        return false;
    }
    const char *user = strstr(db, "://");
    const char *at = user != NULL ? strchr(user, '@') : NULL;
    const char *colon = user != NULL ? strchr(user + 3, ':') : NULL;
    return strstr(db, "password") != NULL || (at != NULL && colon != NULL && colon < at);
}

void cli_retry_line(const struct cli *cli, const struct uuid *id, struct strbuf *line) {
    int first = 1 + cli_verb_words(cli->verb);
    strbuf_printf(line, "teller %s", cli->verb->name);
    if (id != NULL) {
        char text[UUID_TEXT_LEN + 1];
        uuid_format(id, text);
        strbuf_printf(line, " --id %s", text);
    }
    for (int i = first; i < cli->argc; i++) {
        strbuf_add_char(line, ' ');
        bool hides_db = is_secret_db(cli, cli->argv[i]);
        add_word(line, is_secret(cli->argv[i]) ? "(secret property)"
                       : hides_db              ? "(secret conninfo)"
                                               : cli->argv[i]);
    }
}
