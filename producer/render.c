#include "producer/render.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/check.h"
#include "common/timestamp.h"

void render_init(struct render *render, FILE *out, enum render_form form, bool quiet) {
    const char *no_colour = getenv("NO_COLOR");
    *render = (struct render){.out = out, .form = form, .quiet = quiet, .line = STRBUF_INIT};
    render->colour = form == RENDER_TEXT && (no_colour == NULL || no_colour[0] == '\0') &&
                     isatty(fileno(out)) == 1;
}

void render_close(struct render *render) {
    strbuf_close(&render->line);
}

void render_money(int64_t amount, const struct asset *asset, char text[MONEY_TEXT_MAX]) {
    money_format(amount, asset, text);
    size_t len = strlen(text);
    if (len > 0 && text[len - 1] == ' ') {
        text[len - 1] = '\0';
    }
}

static void add_id(struct strbuf *line, const struct report *report) {
    char text[UUID_TEXT_LEN + 1] = "-";
    if (report->has_id) {
        uuid_format(&report->id, text);
    }
    strbuf_add_text(line, text);
}

/* How a command reads between its amount and its account. */
static const char *arrow(enum command_type type) {
    switch (type) {
    case COMMAND_DEPOSIT: return "-> ";
    case COMMAND_WITHDRAW: return "<- ";
    case COMMAND_HOLD:
    case COMMAND_CAPTURE:
    case COMMAND_RELEASE:
    case COMMAND_REVERSE:
    case COMMAND_GROUP: return "at ";
    case COMMAND_PURCHASE:
    case COMMAND_SUBSCRIBE:
    case COMMAND_UNSUBSCRIBE: return "by ";
    case COMMAND_ACCOUNT_OPEN:
    case COMMAND_ACCOUNT_CLOSE:
    case COMMAND_ACCOUNT_FREEZE:
    case COMMAND_ACCOUNT_UNFREEZE:
    case COMMAND_TRANSFER:
    case COMMAND_PRODUCT_CREATE:
    case COMMAND_PRODUCT_RESTOCK:
    case COMMAND_PRODUCT_PRICE:
    case COMMAND_PRODUCT_FINALIZE: return "";
    }
    CHECK(!"command type");
}

static void add_money(struct strbuf *line, const struct report *report, int64_t amount) {
    char money[MONEY_TEXT_MAX];
    render_money(amount, &report->currency, money);
    strbuf_printf(line, "%s ", money);
}

/* "transfer 5,000 KRW alice -> bob", "purchase 3 sku-1 by alice" */
static void add_subject(struct strbuf *line, const struct report *report) {
    if (report->type == 0) {
        return;
    }
    enum command_type type = (enum command_type)report->type;
    bool is_sold = !command_type_is_on_product(type) && report->quantity != 0;
    strbuf_printf(line, " %s ", command_type_word(type));
    if (report->amount != 0) {
        add_money(line, report, report->amount);
    }
    if (is_sold) {
        strbuf_printf(line, "%lld %s ", (long long)report->quantity, report->other.text);
    }
    strbuf_printf(line, "%s%s", arrow(type), report->entity.text);
    if (!is_sold && report->other.len > 0) {
        strbuf_printf(line, "%s%s", type == COMMAND_UNSUBSCRIBE ? " from " : " -> ",
                      report->other.text);
    }
}

static void add_balance(struct strbuf *line, const struct report *report) {
    if (!report->has_balance) {
        return;
    }
    char balance[MONEY_TEXT_MAX];
    render_money(report->balance, &report->currency, balance);
    strbuf_printf(line, "%s balance %s", report->state == REPORT_REJECTED ? ";" : "", balance);
    if (report->has_available && report->available != report->balance) {
        render_money(report->available, &report->currency, balance);
        strbuf_printf(line, ", available %s", balance);
    }
}

/* What follows the subject depends on how far the command came. */
static void add_state(struct strbuf *line, const struct report *report) {
    switch (report->state) {
    case REPORT_VALID: strbuf_printf(line, " (lane %d)", (int)report->lane); return;
    case REPORT_ACCEPTED:
        if (report->offset >= 0) {
            strbuf_printf(line, " (lane %d @%lld)", (int)report->lane, (long long)report->offset);
        } else {
            strbuf_printf(line, " (lane %d)", (int)report->lane);
        }
        return;
    case REPORT_APPLIED:
        strbuf_add_text(line, report->has_balance ? ":" : "");
        add_balance(line, report);
        strbuf_add_text(line, report->duplicate ? " (already done: the first answer)" : "");
        return;
    case REPORT_REJECTED:
    case REPORT_QUARANTINED:
    case REPORT_INVALID:
        strbuf_printf(line, ": %s", outcome_word(report->reason));
        if (report->detail[0] != '\0') {
            strbuf_printf(line, " (%s)", report->detail);
        }
        add_balance(line, report);
        strbuf_add_text(line, report->duplicate ? " (the first answer again)" : "");
        return;
    case REPORT_PENDING:
    case REPORT_UNSENT:
    case REPORT_UNKNOWN:
        if (report->detail[0] != '\0') {
            strbuf_printf(line, ": %s", report->detail);
        }
        return;
    }
    CHECK(!"report state");
}

static const char *colour_of(enum report_state state) {
    switch (state) {
    case REPORT_VALID:
    case REPORT_ACCEPTED:
    case REPORT_APPLIED: return "\033[32m";
    case REPORT_PENDING:
    case REPORT_UNKNOWN: return "\033[33m";
    case REPORT_REJECTED:
    case REPORT_QUARANTINED:
    case REPORT_INVALID:
    case REPORT_UNSENT: return "\033[31m";
    }
    CHECK(!"report state");
}

static void make_text(struct render *render, const struct report *report) {
    struct strbuf *line = &render->line;
    if (report->line > 0) {
        strbuf_printf(line, "%lld ", (long long)report->line);
    }
    strbuf_add_text(line, render->colour ? colour_of(report->state) : "");
    strbuf_add_text(line, report_state_word(report->state));
    strbuf_add_text(line, render->colour ? "\033[0m " : " ");
    add_id(line, report);
    add_subject(line, report);
    add_state(line, report);
}

static void add_number_field(struct strbuf *line, bool known, int64_t number) {
    strbuf_add_char(line, '\t');
    if (known) {
        strbuf_add_int(line, number);
    }
}

static bool has_reason(const struct report *report) {
    return report->state == REPORT_REJECTED || report->state == REPORT_QUARANTINED ||
           report->state == REPORT_INVALID;
}

static const char *type_word(const struct report *report) {
    return report->type == 0 ? "" : command_type_word((enum command_type)report->type);
}

static void make_plain(struct render *render, const struct report *report) {
    struct strbuf *line = &render->line;
    strbuf_printf(line, "%s\t", report_state_word(report->state));
    add_id(line, report);
    strbuf_printf(line, "\t%s\t%s", type_word(report), report->entity.text);
    add_number_field(line, report->amount != 0, report->amount);
    add_number_field(line, report->lane >= 0, report->lane);
    add_number_field(line, report->offset >= 0, report->offset);
    strbuf_printf(line, "\t%s\t%s", has_reason(report) ? outcome_word(report->reason) : "",
                  report->detail);
    add_number_field(line, report->has_balance, report->balance);
    add_number_field(line, report->has_available, report->available);
    add_number_field(line, report->has_balance, report->version);
    add_number_field(line, report->line > 0, report->line);
    strbuf_printf(line, "\t%s", report->other.text);
    add_number_field(line, report->quantity != 0, report->quantity);
    add_number_field(line, report->price != 0, report->price);
}

static void add_json_text(struct strbuf *line, const char *name, const char *text) {
    if (text != NULL && text[0] != '\0') {
        strbuf_printf(line, ",\"%s\":", name);
        strbuf_add_json_string(line, text, strlen(text));
    }
}

static void add_json_number(struct strbuf *line, bool known, const char *name, int64_t number) {
    if (known) {
        strbuf_printf(line, ",\"%s\":", name);
        strbuf_add_int(line, number);
    }
}

static void add_json_subject(struct strbuf *line, const struct report *report) {
    enum command_type type = (enum command_type)report->type;
    bool is_on_product = report->type != 0 && command_type_is_on_product(type);
    bool is_sale = report->type == COMMAND_PURCHASE || report->type == COMMAND_SUBSCRIBE ||
                   report->type == COMMAND_UNSUBSCRIBE;
    add_json_text(line, is_on_product ? "product" : "account", report->entity.text);
    add_json_text(line, is_sale ? "product" : "to", report->other.text);
    add_json_number(line, report->amount != 0, "amount", report->amount);
    add_json_number(line, report->quantity != 0, "quantity", report->quantity);
    add_json_number(line, report->price != 0, "price", report->price);
}

static void make_json(struct render *render, const struct report *report,
                      const struct render_extra *extra) {
    struct strbuf *line = &render->line;
    char id[UUID_TEXT_LEN + 1] = "";
    char at[TIMESTAMP_TEXT_LEN + 1] = "";
    if (report->has_id) {
        uuid_format(&report->id, id);
    }
    if (report->at_ms != 0) {
        timestamp_format(report->at_ms, at);
    }
    strbuf_add_text(line, "{\"v\":1");
    add_json_number(line, report->line > 0, "line", report->line);
    add_json_text(line, "state", report_state_word(report->state));
    add_json_text(line, "id", id);
    add_json_text(line, "type", type_word(report));
    add_json_subject(line, report);
    add_json_text(line, "currency", report->currency.text);
    add_json_text(line, "reason", has_reason(report) ? outcome_word(report->reason) : NULL);
    add_json_text(line, "detail", report->detail);
    add_json_number(line, report->has_balance, "balance", report->balance);
    add_json_number(line, report->has_available, "available", report->available);
    add_json_number(line, report->has_balance, "version", report->version);
    add_json_number(line, report->lane >= 0, "lane", report->lane);
    add_json_number(line, report->offset >= 0, "offset", report->offset);
    strbuf_add_text(line, report->duplicate ? ",\"duplicate\":true" : "");
    add_json_text(line, "at", at);
    add_json_text(line, "retry", extra->retry);
    if (extra->record.at != NULL) {
        strbuf_add_text(line, ",\"record\":");
        strbuf_add(line, extra->record.at, extra->record.len);
    }
    strbuf_add_char(line, '}');
}

void render_line(struct render *render) {
    strbuf_add_char(&render->line, '\n');
    CHECK(!render->line.failed);
    if (!render->quiet) {
        fwrite(render->line.text, 1, render->line.len, render->out);
    }
    strbuf_reset(&render->line);
}

void render_report(struct render *render, const struct report *report,
                   const struct render_extra *extra) {
    if (render->quiet) {
        return;
    }
    switch (render->form) {
    case RENDER_TEXT: make_text(render, report); break;
    case RENDER_PLAIN: make_plain(render, report); break;
    case RENDER_JSON: make_json(render, report, extra); break;
    }
    if (render->form != RENDER_JSON && extra->record.at != NULL) {
        strbuf_add_char(&render->line, '\n');
        strbuf_add(&render->line, extra->record.at, extra->record.len);
    }
    render_line(render);
}

void render_error(const struct err *err) {
    fprintf(stderr, "teller: %s\n", err->text);
}
