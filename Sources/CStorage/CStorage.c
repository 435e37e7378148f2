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

// The words of a log are those that its first one says: least significant byte first, or last.
static inline uint32_t word(const unsigned char *at, int isLittle) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return isLittle == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) ? value : __builtin_bswap32(value);
}

static void addToLogSum(uint32_t sum[2], const unsigned char *bytes, size_t count, int isLittle) {
    uint32_t first = sum[0], second = sum[1];
    for (size_t i = 0; i + 8 <= count; i += 8) {
        first += word(bytes + i, isLittle) + second;
        second += word(bytes + i + 4, isLittle) + first;
    }
    sum[0] = first;
    sum[1] = second;
}

size_t social_log_sound_bytes(const void *bytes, size_t count) {
    const unsigned char *log = bytes;
    enum { HEADER = 32, FRAME_HEADER = 24 };
    if (count < HEADER) return 0;
    uint32_t magic = word(log, 0);
    if ((magic & ~1u) != 0x377F0682) return 0;
    int isLittle = !(magic & 1);
    uint32_t sum[2] = {0, 0};
    addToLogSum(sum, log, 24, isLittle);
    if (sum[0] != word(log + 24, 0) || sum[1] != word(log + 28, 0)) return 0;
    size_t page = word(log + 8, 0);
    if (page < 512 || page > 65536 || page & (page - 1)) return 0;
    size_t sound = HEADER;
    while (count - sound >= FRAME_HEADER + page) {
        const unsigned char *frame = log + sound;
        // Another salt is that of a former log.
        if (memcmp(frame + 8, log + 16, 8) != 0) break;
        addToLogSum(sum, frame, 8, isLittle);
        addToLogSum(sum, frame + FRAME_HEADER, page, isLittle);
        if (sum[0] != word(frame + 16, 0) || sum[1] != word(frame + 20, 0)) break;
        sound += FRAME_HEADER + page;
    }
    return sound;
}
