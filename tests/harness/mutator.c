#include "tests/harness/mutator.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/must.h"

/* Pieces of JSON that sit on some border of the codec. */
static const char *const pieces[] = {"\"",
                                     "\\",
                                     "\\u0061",
                                     "{",
                                     "}",
                                     "[",
                                     "]",
                                     ",",
                                     ":",
                                     " ",
                                     "\n",
                                     "\x01",
                                     "\x7f",
                                     "-",
                                     "0",
                                     "1",
                                     "00",
                                     "-0",
                                     "1.0",
                                     "1e1",
                                     "null",
                                     "true",
                                     "\"1\"",
                                     "\"-5\"",
                                     "\"01\"",
                                     "\xc3\xa9",
                                     "\xed\xa0\x80",
                                     "\xc0\x80",
                                     "\xf0\x9f\x92\xb0",
                                     "\xf4\x90\x80\x80",
                                     "\xe2\x82",
                                     "\"at\":\"now\",",
                                     "\"memo\":\"\",",
                                     "\"amount\":1,",
                                     "\"v\":1,",
                                     "\"x\":1,",
                                     "\"floor\":-1,",
                                     "\"currency\":\"KRW\",",
                                     "9223372036854775807",
                                     "9223372036854775808",
                                     "-9223372036854775807",
                                     "-9223372036854775808"};

void mutator_add_files(struct mutator *mutator, const char *pattern) {
    glob_t found;
    must(glob(pattern, 0, NULL, &found) == 0, "no %s: run me from the root", pattern);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        must(mutator->count < MUTATOR_EXAMPLES_MAX, "too many examples");
        FILE *file = fopen(found.gl_pathv[i], "r");
        must(file != NULL, "cannot open %s", found.gl_pathv[i]);
        size_t n = mutator->count++;
        mutator->lens[n] = fread(mutator->examples[n], 1, MUTATOR_TEXT_MAX, file);
        fclose(file);
    }
    globfree(&found);
}

static size_t below(struct mutator *mutator, size_t bound) {
    return (size_t)prng_below(&mutator->prng, bound);
}

/* Replaces `old_len` bytes at `at`; passed over where the result would be too long. */
static void replace(struct mutator *mutator, size_t at, size_t old_len, const char *piece,
                    size_t piece_len) {
    if (mutator->len - old_len + piece_len > sizeof mutator->text) {
        return;
    }
    char *text = mutator->text + at;
    memmove(text + piece_len, text + old_len, mutator->len - at - old_len);
    memcpy(text, piece, piece_len);
    mutator->len = mutator->len - old_len + piece_len;
}

static void flip_bit(struct mutator *mutator, size_t at, uint8_t bit) {
    if (at < mutator->len) {
        mutator->text[at] = (char)((uint8_t)mutator->text[at] ^ bit);
    }
}

static void change_once(struct mutator *mutator) {
    char other[MUTATOR_TEXT_MAX];
    size_t at = below(mutator, mutator->len + 1);
    size_t rest = mutator->len - at;
    size_t cut = rest == 0 ? 0 : below(mutator, rest < 12 ? rest + 1 : 12);
    size_t from = below(mutator, mutator->len + 1);
    size_t run = below(mutator, mutator->len - from + 1);
    const char *piece = pieces[below(mutator, sizeof pieces / sizeof pieces[0])];
    switch (below(mutator, 5)) {
    case 0: flip_bit(mutator, at, (uint8_t)(1U << below(mutator, 4))); return;
    case 1: replace(mutator, at, 0, piece, strlen(piece)); return;
    case 2: replace(mutator, at, cut, piece, strlen(piece)); return;
    case 3: replace(mutator, at, cut, "", 0); return;
    default: /* a copy of another part */
        memcpy(other, mutator->text + from, run);
        replace(mutator, at, 0, other, run);
    }
}

void mutator_next(struct mutator *mutator) {
    size_t example = below(mutator, mutator->count);
    memcpy(mutator->text, mutator->examples[example], mutator->lens[example]);
    mutator->len = mutator->lens[example];
    for (size_t changes = 1 + below(mutator, 2); changes > 0; changes--) {
        change_once(mutator);
    }
}
