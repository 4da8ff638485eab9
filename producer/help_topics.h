/* What `teller help TOPIC` prints, and what a verb's help says beyond its options. */
#ifndef TELLER_PRODUCER_HELP_TOPICS_H
#define TELLER_PRODUCER_HELP_TOPICS_H

struct help_topic {
    const char *name; /* of a topic, or of the verb that it adds to */
    const char *text; /* ends with a newline */
};

/* The topics proper; those of verbs are found by name only. */
extern const struct help_topic help_topics[];
extern const int help_topics_count;

/* NULL: there is none of that name. */
const struct help_topic *help_find_topic(const char *name);

#endif
