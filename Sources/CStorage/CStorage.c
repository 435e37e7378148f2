// Calls of Linux for files, and the sums of objects; see CStorage.h.

#define _GNU_SOURCE
#include "CStorage.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int social_sync_file_system(int descriptor) { return syncfs(descriptor); }

int social_memory_file(void) { return memfd_create("social", MFD_CLOEXEC); }

void social_begin_writing(int descriptor, int64_t offset, int64_t count) {
    sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
}

// Eight words in the order of the machine, which is little-endian wherever Swift runs.
typedef uint64_t Words __attribute__((vector_size(64), aligned(1)));
enum { WORDS = SOCIAL_LANES / 8 };

static inline __attribute__((always_inline)) void add(uint64_t lanes[SOCIAL_LANES], const void *bytes, size_t steps) {
    // A lane waits for itself, so there are as many as keep a processor busy meanwhile.
    Words sums[WORDS];
    memcpy(sums, lanes, sizeof sums);
    const Words *words = bytes;
    for (size_t step = 0; step < steps; step++, words += 2 * WORDS) {
#pragma clang loop unroll(full)
        for (int i = 0; i < WORDS; i++) {
            sums[i] += words[i];
            sums[i] ^= sums[i] >> 31;
            sums[i] += sums[i] << 14;
            sums[i] += words[WORDS + i];
            sums[i] ^= sums[i] >> 25;
            sums[i] += sums[i] << 22;
        }
    }
    memcpy(lanes, sums, sizeof sums);
}

#if defined(__x86_64__)
static __attribute__((target("avx2"))) void addWide(uint64_t lanes[SOCIAL_LANES], const void *bytes, size_t steps) {
    add(lanes, bytes, steps);
}

static __attribute__((target("avx512f"))) void addWidest(
    uint64_t lanes[SOCIAL_LANES], const void *bytes, size_t steps) {
    add(lanes, bytes, steps);
}
#endif

void social_lanes_add(uint64_t lanes[SOCIAL_LANES], const void *bytes, size_t steps) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return addWidest(lanes, bytes, steps);
    if (__builtin_cpu_supports("avx2")) return addWide(lanes, bytes, steps);
#endif
    add(lanes, bytes, steps);
}
