#include "tests/harness/wire.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static size_t length_at(const uint8_t *bytes) {
    return ((size_t)bytes[0] << 24) | ((size_t)bytes[1] << 16) | ((size_t)bytes[2] << 8) | bytes[3];
}

size_t wire_client_message(const struct wire *wire, const uint8_t *bytes, size_t len) {
    if (!wire->is_started) {
        size_t size = len < 4 ? 0 : length_at(bytes);
        return size <= len ? size : 0;
    }
    return wire_server_message(bytes, len);
}

size_t wire_server_message(const uint8_t *bytes, size_t len) {
    size_t size = len < 5 ? 0 : length_at(bytes + 1) + 1;
    return size <= len ? size : 0;
}

static void remember(struct wire_names *names, const char *name) {
    if (names->count < WIRE_NAMES_MAX) {
        snprintf(names->names[names->count++], WIRE_NAME_MAX, "%s", name);
    }
}

static bool knows(const struct wire_names *names, const char *name) {
    for (int i = 0; i < names->count; i++) {
        if (strcmp(names->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool begins_with(const char *text, const char *word) {
    return strncasecmp(text, word, strlen(word)) == 0;
}

static enum wire_verdict see_commit(struct wire *wire, bool flushes) {
    bool is_batch = wire->has_advanced;
    wire->has_begun = false;
    if (!is_batch) {
        return WIRE_OTHER;
    }
    wire->has_advanced = !flushes;
    return flushes ? WIRE_COMMIT_FLUSH : WIRE_COMMIT;
}

/* A statement that is carried out now, by its text. */
static enum wire_verdict see_statement(struct wire *wire, const char *text, bool flushes) {
    wire->has_begun |= begins_with(text, "begin") || begins_with(text, "start");
    wire->has_advanced |= strstr(text, "teller.advance(") != NULL;
    if (begins_with(text, "rollback")) {
        wire->has_begun = false;
        wire->has_advanced = false;
    }
    return begins_with(text, "commit") ? see_commit(wire, flushes) : WIRE_OTHER;
}

/* Parse: name, text. An unnamed statement is carried out next. */
static enum wire_verdict see_parse(struct wire *wire, const char *name) {
    const char *text = name + strlen(name) + 1;
    if (*name == '\0') {
        return see_statement(wire, text, false);
    }
    if (begins_with(text, "begin")) {
        remember(&wire->begin, name);
    } else if (begins_with(text, "commit")) {
        remember(&wire->commit, name);
    } else if (strstr(text, "teller.advance(") != NULL) {
        remember(&wire->advance, name);
    }
    return WIRE_OTHER;
}

/* Bind: portal, statement. */
static enum wire_verdict see_bind(struct wire *wire, const char *portal) {
    const char *name = portal + strlen(portal) + 1;
    wire->has_begun |= knows(&wire->begin, name);
    wire->has_advanced |= knows(&wire->advance, name);
    return knows(&wire->commit, name) ? see_commit(wire, false) : WIRE_OTHER;
}

/* Ends an implicit transaction, or carries out a COMMIT that was sent before it. */
static enum wire_verdict see_sync(struct wire *wire) {
    wire->awaited++;
    return wire->has_begun ? WIRE_OTHER : see_commit(wire, true);
}

enum wire_verdict wire_client(struct wire *wire, const uint8_t *message, size_t len) {
    if (!wire->is_started) {
        wire->is_started = true;
        wire->awaited = 1;
        return WIRE_OTHER;
    }
    const char *text = (const char *)message + 5;
    switch (len > 5 || message[0] == 'S' ? message[0] : 0) {
    case 'Q':
        wire->awaited++;
        return see_statement(wire, text, true);
    case 'P': return see_parse(wire, text);
    case 'B': return see_bind(wire, text);
    case 'S': return see_sync(wire);
    }
    return WIRE_OTHER;
}

bool wire_server(struct wire *wire, const uint8_t *message) {
    wire->awaited -= message[0] == 'Z';
    return wire->awaited <= 0;
}
