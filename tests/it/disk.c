/* A disk that can be cut off from its power, and that can fail: an LD_PRELOAD library for one process.
 *
 * QINGTING_DISK_FOLDER   the files that are watched: those directly in this folder
 * QINGTING_DISK_LOG      every write, truncation, synchronisation … of them is appended here, in the order it happened
 * QINGTING_DISK_CONTROL  two 32-bit numbers, shared: what fails, and how many times it still works first
 *
 * An entry is: op, length of name, name, 64-bit place, 32-bit length, bytes; everything little-endian. The test appends its
 * own entry 'A' for each acknowledgement it got, so that for every point of the log it is known what the disk owed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NOTHING, NO_SPACE, SYNC_FAILS, WRITE_FAILS };
enum { FDS = 65536, NAME = 64 };

static char names[FDS][NAME];
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static int log_fd = -1;
static volatile uint32_t *control;

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void begin(void) {
    static int (*real_open)(const char *, int, ...);
    real_open = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
    const char *path = getenv("QINGTING_DISK_FOLDER");
    const char *log = getenv("QINGTING_DISK_LOG");
    const char *shared = getenv("QINGTING_DISK_CONTROL");
    if (!path || !log || !shared) return;
    log_fd = real_open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    int fd = real_open(shared, O_RDWR | O_CLOEXEC);
    void *map = mmap(0, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (log_fd < 0 || map == MAP_FAILED) abort();
    control = map;
    folder = path;
}

/* The file's name if it is watched: SQLite's shared memory is none of the disk's. */
static const char *watched(const char *path) {
    size_t length = folder ? strlen(folder) : 0;
    if (!length || strncmp(path, folder, length) || path[length] != '/') return 0;
    const char *name = path + length + 1;
    size_t own = strlen(name);
    if (strchr(name, '/') || own >= NAME || (own > 4 && !strcmp(name + own - 4, "-shm"))) return 0;
    return name;
}

static const char *name_of(int fd) { return fd >= 0 && fd < FDS && names[fd][0] ? names[fd] : 0; }

/* Called with `order` held. */
static void note(char op, const char *name, uint64_t place, const void *bytes, uint32_t length) {
    uint8_t name_length = strlen(name);
    struct iovec parts[] = {{&op, 1}, {&name_length, 1}, {(void *)name, name_length}, {&place, 8}, {&length, 4}, {(void *)bytes, length}};
    size_t whole = 14 + name_length + length;
    if (writev(log_fd, parts, 6) != (ssize_t)whole) abort();
}

/* Whether this is the call that fails; it counts down. */
static int fails(uint32_t what) {
    if (!control || control[0] != what) return 0;
    if (control[1] > 0) { control[1]--; return 0; }
    return 1;
}

static int opened(int fd, const char *path, int flags) {
    const char *name = fd >= 0 && fd < FDS ? watched(path) : 0;
    if (name) {
        strcpy(names[fd], name);
        note('O', name, (flags & O_TRUNC) != 0, "", 0);
    }
    return fd;
}

#define OPEN(function) \
    int function(const char *path, int flags, ...) { \
        REAL(int, #function, const char *, int, ...); \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        pthread_mutex_lock(&order); \
        int fd = opened(real(path, flags, mode), path, flags); \
        pthread_mutex_unlock(&order); \
        return fd; \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    REAL(int, "close", int);
    pthread_mutex_lock(&order);
    if (fd >= 0 && fd < FDS) names[fd][0] = 0;
    int done = real(fd);
    pthread_mutex_unlock(&order);
    return done;
}

/* Zero, or why a write of these bytes does not happen. */
static int refused(int fd, uint64_t place, size_t length) {
    struct stat file;
    if (control && control[0] == NO_SPACE && !fstat(fd, &file) && place + length > (uint64_t)file.st_size) return ENOSPC;
    return fails(WRITE_FAILS) ? EIO : 0;
}

#define WRITE_AT(function) \
    ssize_t function(int fd, const void *bytes, size_t length, off_t place) { \
        REAL(ssize_t, #function, int, const void *, size_t, off_t); \
        const char *name = name_of(fd); \
        if (!name) return real(fd, bytes, length, place); \
        pthread_mutex_lock(&order); \
        int why = refused(fd, place, length); \
        if (!why) note('W', name, place, bytes, length); \
        ssize_t done = why ? -1 : real(fd, bytes, length, place); \
        if (why) errno = why; \
        pthread_mutex_unlock(&order); \
        return done; \
    }
WRITE_AT(pwrite)
WRITE_AT(pwrite64)

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    const char *name = name_of(fd);
    if (!name) return real(fd, bytes, length);
    pthread_mutex_lock(&order);
    uint64_t place = lseek(fd, 0, SEEK_CUR);
    int why = refused(fd, place, length);
    if (!why) note('W', name, place, bytes, length);
    ssize_t done = why ? -1 : real(fd, bytes, length);
    if (why) errno = why;
    pthread_mutex_unlock(&order);
    return done;
}

#define TRUNCATE(function) \
    int function(int fd, off_t length) { \
        REAL(int, #function, int, off_t); \
        const char *name = name_of(fd); \
        pthread_mutex_lock(&order); \
        if (name) note('T', name, length, "", 0); \
        int done = real(fd, length); \
        pthread_mutex_unlock(&order); \
        return done; \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

#define SYNC(function) \
    int function(int fd) { \
        REAL(int, #function, int); \
        const char *name = name_of(fd); \
        if (!name) return real(fd); \
        pthread_mutex_lock(&order); \
        int done = fails(SYNC_FAILS) ? (errno = EIO, -1) : real(fd); \
        int why = errno; \
        note(done ? 'F' : 'S', name, 0, "", 0); \
        errno = why; \
        pthread_mutex_unlock(&order); \
        return done; \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    const char *name = watched(path);
    pthread_mutex_lock(&order);
    int done = real(path);
    if (name && !done) note('U', name, 0, "", 0);
    pthread_mutex_unlock(&order);
    return done;
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    const char *old = watched(from), *fresh = watched(to);
    pthread_mutex_lock(&order);
    int done = real(from, to);
    if (old && fresh && !done) note('R', old, 0, fresh, strlen(fresh));
    pthread_mutex_unlock(&order);
    return done;
}
