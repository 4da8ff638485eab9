#include "producer/draft.h"

#include <string.h>

#include "common/check.h"
#include "common/money.h"

void draft_open(struct draft *draft, const struct uuid *id, const char *type) {
    char text[UUID_TEXT_LEN + 1];
    uuid_format(id, text);
    draft->json = (struct strbuf)STRBUF_INIT;
    strbuf_printf(&draft->json, "{\"v\":1,\"id\":\"%s\"", text);
    draft_add_text(draft, "type", type);
}

void draft_close(struct draft *draft) {
    strbuf_close(&draft->json);
}

void draft_add_json(struct draft *draft, const char *field, const char *json) {
    strbuf_printf(&draft->json, ",\"%s\":%s", field, json);
}

void draft_add_text(struct draft *draft, const char *field, const char *text) {
    strbuf_printf(&draft->json, ",\"%s\":", field);
    strbuf_add_json_string(&draft->json, text, strlen(text));
}

void draft_add_number(struct draft *draft, const char *field, const char *text) {
    int64_t number;
    if (money_parse(text, strlen(text), &number)) {
        draft_add_json(draft, field, text);
    } else {
        draft_add_text(draft, field, text);
    }
}

bool draft_finish(struct draft *draft, struct arena *arena, struct command *out,
                  struct refusal *why) {
    strbuf_add_char(&draft->json, '}');
    CHECK(!draft->json.failed);
    struct slice json = {(const uint8_t *)draft->json.text, draft->json.len};
    return command_decode(json, COMMAND_JSON_RULES, arena, out, why);
}
