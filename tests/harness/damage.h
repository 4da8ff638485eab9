/* Damage to the broker's files: what a bad disk does. */
#ifndef TELLER_TESTS_HARNESS_DAMAGE_H
#define TELLER_TESTS_HARNESS_DAMAGE_H

/* Flips a bit in the last byte of the first batch of partition 0, in the files of the broker of the
 * sandbox in that directory. A second time heals it. */
void damage_first_batch(const char *sandbox_dir, const char *topic);

#endif
