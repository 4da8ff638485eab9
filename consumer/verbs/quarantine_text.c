#include "consumer/verbs/quarantine_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/uuid.h"

void quarantine_escape(struct strbuf *out, struct slice bytes) {
    for (size_t i = 0; i < bytes.len; i++) {
        const uint8_t byte = bytes.at[i];
        if (byte == '\\') {
            strbuf_add_text(out, "\\\\");
        } else if (byte >= ' ' && byte <= '~') {
            strbuf_add_char(out, (char)byte);
        } else {
            strbuf_printf(out, "\\x%02x", byte);
        }
    }
}

static void add_text(struct strbuf *out, const char *name, const char *text, bool json) {
    if (json) {
        strbuf_printf(out, ",\"%s\":", name);
        strbuf_add_json_string(out, text, strlen(text));
    } else {
        strbuf_printf(out, "%-8s%s\n", name, text);
    }
}

/* Absent bytes are absent in JSON too: not the same as empty ones. */
static void add_bytes(struct strbuf *out, const char *name, struct slice bytes, int64_t whole,
                      bool json) {
    struct strbuf text = STRBUF_INIT;
    quarantine_escape(&text, bytes);
    CHECK(!text.failed);
    if (!json) {
        strbuf_printf(out, "%-8s%" PRId64 " bytes%s\n%s\n", name, whole < 0 ? 0 : whole,
                      bytes.at == NULL ? ", absent" : "", text.len > 0 ? text.text : "");
    } else if (bytes.at != NULL) {
        strbuf_printf(out, ",\"%s_bytes\":%" PRId64, name, whole);
        add_text(out, name, text.len > 0 ? text.text : "", true);
    }
    strbuf_close(&text);
}

static void add_place(struct strbuf *out, const struct quarantine_row *row, uint16_t lane,
                      bool json) {
    strbuf_printf(out,
                  json ? "{\"v\":1,\"lane\":%u,\"offset\":%" PRId64 ",\"at_ms\":%" PRId64
                       : "lane    %u\noffset  %" PRId64 "\nat      %" PRId64 " ms\n",
                  lane, row->log_offset, row->at_ms);
}

void quarantine_print(const struct quarantine_row *row, uint16_t lane, bool json) {
    char id[UUID_TEXT_LEN + 1];
    struct strbuf out = STRBUF_INIT;
    add_place(&out, row, lane, json);
    add_text(&out, "reason", outcome_word(row->reason), json);
    if (row->detail != NULL) {
        add_text(&out, "detail", row->detail, json);
    }
    if (row->has_id) {
        uuid_format(&row->id, id);
        add_text(&out, "id", id, json);
    }
    add_bytes(&out, "key", row->key, row->key_len, json);
    add_bytes(&out, "value", row->value, row->value_len, json);
    CHECK(!out.failed);
    printf("%s%s", out.text, json ? "}\n" : "");
    strbuf_close(&out);
}
