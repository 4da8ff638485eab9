# A smaller world: with these limits a dozen records meet what otherwise takes thousands. Ticks and
# chunks are cut into pieces, batches are full at once, and rows leave memory.
s/^#define WANTS_DUE_MAX 1000 /#define WANTS_DUE_MAX 2 /
s/^#define WANTS_CHUNK_MAX 500 /#define WANTS_CHUNK_MAX 2 /
s/^#define WANTS_REVERSED_MAX 64 /#define WANTS_REVERSED_MAX 2 /
s/\(records\|RECORDS\) + 64\b/\1 + 2/
s/\b18 \* 64\b/18 * 2/
s/^#define BUILDER_ROWS_PER_RECORD (1 + COMMAND_GROUP_MAX)/#define BUILDER_ROWS_PER_RECORD 5/
s/^#define WANTS_PER_RECORD COMMAND_GROUP_MAX/#define WANTS_PER_RECORD 5/
s/^#define RECORDS 5 /#define RECORDS 3 /
