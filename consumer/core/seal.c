#include "consumer/core/seal.h"

#include <stddef.h>
#include <string.h>

/* Rows that are alike in their fields must not be alike in their bytes when they are rows of
 * different tables. */
enum row_tag { TAG_JOURNAL = 'J', TAG_QUARANTINE = 'Q' };

/* Gathers a row's bytes, so that a usual row costs one digest_add. Longer ones spill: a row read
 * back from the database may hold anything. */
struct writer {
    struct digest *digest;
    size_t len;
    uint8_t bytes[1024];
};

static void writer_open(struct writer *writer, struct digest *digest) {
    writer->digest = digest;
    writer->len = 0;
}

static void flush(struct writer *writer) {
    digest_add(writer->digest, writer->bytes, writer->len);
    writer->len = 0;
}

static void put_bytes(struct writer *writer, const void *bytes, size_t len) {
    if (len > sizeof writer->bytes - writer->len) {
        flush(writer);
    }
    if (len > sizeof writer->bytes) {
        digest_add(writer->digest, bytes, len);
    } else if (len > 0) {
        memcpy(writer->bytes + writer->len, bytes, len);
        writer->len += len;
    }
}

/* An unsigned number of so many bytes, most significant first. Most of a row is numbers: this is
 * where the time of a seal goes, SHA-256 apart. */
static inline void put_number(struct writer *writer, uint64_t value, size_t bytes) {
    if (bytes > sizeof writer->bytes - writer->len) {
        flush(writer);
    }
    uint8_t *at = writer->bytes + writer->len;
    for (size_t i = 0; i < bytes; i++) {
        at[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    }
    writer->len += bytes;
}

static void put_u8(struct writer *writer, uint8_t value) {
    put_number(writer, value, 1);
}

static void put_u16(struct writer *writer, uint16_t value) {
    put_number(writer, value, 2);
}

static void put_u32(struct writer *writer, uint32_t value) {
    put_number(writer, value, 4);
}

static void put_i64(struct writer *writer, int64_t value) {
    put_number(writer, (uint64_t)value, 8);
}

static void put_text(struct writer *writer, const void *text, size_t len) {
    put_i64(writer, (int64_t)len);
    put_bytes(writer, text, len);
}

static void put_slice(struct writer *writer, struct slice slice) {
    put_u8(writer, slice.at != NULL);
    if (slice.at != NULL) {
        put_text(writer, slice.at, slice.len);
    }
}

static void put_ident(struct writer *writer, const struct ident *ident) {
    put_u8(writer, ident != NULL);
    if (ident != NULL) {
        put_text(writer, ident->text, ident->len);
    }
}

static void put_asset(struct writer *writer, const struct asset *asset) {
    put_u8(writer, asset != NULL);
    if (asset != NULL) {
        put_text(writer, asset->text, asset->len);
    }
}

static void put_key(struct writer *writer, const struct journal_key *key) {
    put_bytes(writer, key->id.bytes, sizeof key->id.bytes);
    put_u16(writer, key->origin);
    put_u32(writer, (uint32_t)key->step);
}

static void put_entry(struct writer *writer, const struct entry *entry) {
    put_i64(writer, entry->log_offset);
    put_key(writer, &entry->key);
    put_i64(writer, entry->type);
    put_i64(writer, (int64_t)entry->outcome);
    put_text(writer, entry->detail, strnlen(entry->detail, sizeof entry->detail));
    put_i64(writer, entry->account_number);
    put_i64(writer, entry->amount);
    put_i64(writer, entry->balance);
    put_i64(writer, entry->held);
    put_i64(writer, entry->version);
    put_i64(writer, entry->at_ms);
    put_i64(writer, entry->price);
    put_bytes(writer, entry->hash, sizeof entry->hash);
}

void seal_begin(struct digest *digest, const uint8_t previous[SEAL_LEN]) {
    const uint8_t version = SEAL_VERSION;
    digest_begin(digest);
    digest_add(digest, &version, sizeof version);
    digest_add(digest, previous, SEAL_LEN);
}

void seal_add_row(struct digest *digest, const struct journal_row *row, uint16_t lane) {
    struct writer writer;
    writer_open(&writer, digest);
    put_u8(&writer, TAG_JOURNAL);
    put_u16(&writer, lane);
    put_entry(&writer, &row->entry);
    put_i64(&writer, row->held_delta);
    put_ident(&writer, row->account);
    put_i64(&writer, (int64_t)row->counter_role);
    put_i64(&writer, row->counter_number);
    put_text(&writer, row->entry.counter.text, row->entry.counter.len);
    put_asset(&writer, row->asset);
    put_slice(&writer, row->source);
    put_slice(&writer, row->memo);
    put_u8(&writer, row->has_previous);
    if (row->has_previous) {
        put_key(&writer, &row->previous);
    }
    flush(&writer);
}

void seal_add_quarantine(struct digest *digest, const struct quarantine_row *row, uint16_t lane) {
    const char *detail = row->detail != NULL ? row->detail : "";
    struct writer writer;
    writer_open(&writer, digest);
    put_u8(&writer, TAG_QUARANTINE);
    put_u16(&writer, lane);
    put_i64(&writer, row->log_offset);
    put_i64(&writer, row->at_ms);
    put_i64(&writer, (int64_t)row->reason);
    put_text(&writer, detail, strlen(detail));
    put_u8(&writer, row->has_id);
    if (row->has_id) {
        put_bytes(&writer, row->id.bytes, sizeof row->id.bytes);
    }
    put_slice(&writer, row->key);
    put_slice(&writer, row->value);
    put_i64(&writer, row->key_len);
    put_i64(&writer, row->value_len);
    put_bytes(&writer, row->digest, sizeof row->digest);
    flush(&writer);
}

void seal_end(struct digest *digest, uint8_t out[SEAL_LEN]) {
    digest_end(digest, out);
}

static int compare_i64(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

int seal_row_order(const struct entry *a, const struct entry *b) {
    int order = compare_i64(a->log_offset, b->log_offset);
    if (order == 0) {
        order = uuid_compare(&a->key.id, &b->key.id);
    }
    if (order == 0) {
        order = compare_i64(a->key.origin, b->key.origin);
    }
    return order != 0 ? order : compare_i64(a->key.step, b->key.step);
}
