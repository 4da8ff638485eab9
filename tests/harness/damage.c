#include "tests/harness/damage.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/harness/must.h"

#define PATH_LEN_MAX 1024
#define LENGTH_AT 8 /* of the batch, behind its own four bytes; big-endian */

void damage_first_batch(const char *sandbox_dir, const char *topic) {
    char path[PATH_LEN_MAX];
    unsigned char length[4];
    unsigned char byte;
    snprintf(path, sizeof path, "%s/base/kafka/log/%s-0/00000000000000000000.log", sandbox_dir,
             topic);
    int fd = open(path, O_RDWR);
    must(fd >= 0, "cannot open %s", path);
    must(pread(fd, length, sizeof length, LENGTH_AT) == (ssize_t)sizeof length, "%s is short",
         path);
    off_t last = LENGTH_AT + 4 + (length[2] << 8) + length[3] - 1;
    must(pread(fd, &byte, 1, last) == 1, "%s is short", path);
    byte ^= 0x40;
    must(pwrite(fd, &byte, 1, last) == 1, "cannot write %s", path);
    close(fd);
}
