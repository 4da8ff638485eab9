/* "Did you mean": the word that a mistyped one was likely meant to be. */
#ifndef TELLER_COMMON_SUGGEST_H
#define TELLER_COMMON_SUGGEST_H

#include <stddef.h>

#define SUGGEST_WORD_MAX 48 /* bytes; longer words are not compared */

/* How many letters must be put in, left out, replaced or swapped with their neighbour to make one
 * word of the other (optimal string alignment); SUGGEST_WORD_MAX + 1 for too long a word. */
int suggest_distance(const char *a, const char *b);

/* The candidate nearest to `word`, or NULL if none is near: at most a third of its letters differ,
 * and at least one may. */
const char *suggest_word(const char *word, const char *const *candidates, size_t count);

#endif
