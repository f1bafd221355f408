/* fsync and fdatasync that fail with EIO, or do not come back, for as long as a file of that name is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int is_told(const char *way) {
    const char *path = getenv(way);
    return path != NULL && access(path, F_OK) == 0;
}

static int synced(const char *name, int file) {
    while (is_told("BAD_DISK_STALLS")) usleep(10000);
    if (is_told("BAD_DISK_FAILS")) {
        errno = EIO;
        return -1;
    }
    int (*really)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return really(file);
}

int fsync(int file) { return synced("fsync", file); }

int fdatasync(int file) { return synced("fdatasync", file); }
