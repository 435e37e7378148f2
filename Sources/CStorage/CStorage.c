// The sync of a file system, and the sums of objects; see CStorage.h.

#define _GNU_SOURCE
#include "CStorage.h"

#include <string.h>
#include <unistd.h>

int social_sync_file_system(int descriptor) { return syncfs(descriptor); }

// Words in the order of the machine, which is little-endian wherever Swift runs.
typedef uint64_t Words __attribute__((vector_size(64), aligned(1)));

static inline __attribute__((always_inline)) void add(uint64_t lanes[SOCIAL_LANES], const void *bytes, size_t steps) {
    Words first, second;
    memcpy(&first, lanes, 64);
    memcpy(&second, lanes + 8, 64);
    const Words *words = bytes;
    for (size_t step = 0; step < steps; step++, words += 2) {
        first += words[0];
        second += words[1];
        first ^= first >> 29;
        second ^= second >> 29;
        first += first << 18;
        second += second << 18;
    }
    memcpy(lanes, &first, 64);
    memcpy(lanes + 8, &second, 64);
}

#if defined(__x86_64__)
static __attribute__((target("avx2"))) void addWide(uint64_t lanes[SOCIAL_LANES], const void *bytes, size_t steps) {
    add(lanes, bytes, steps);
}
#endif

void social_lanes_add(uint64_t lanes[SOCIAL_LANES], const void *bytes, size_t steps) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return addWide(lanes, bytes, steps);
#endif
    add(lanes, bytes, steps);
}
