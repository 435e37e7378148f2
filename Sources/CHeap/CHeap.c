// Maps a part of the heap before it is needed; see CHeap.h.

#define _GNU_SOURCE
#include "CHeap.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// Linux 5.14; not named by the C library of Debian 12.
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

enum { WARM_BYTES = 512 << 10 };

void social_heap_warm(void) {
    // The padding by which the heap grows at a time; the block makes it grow, and is given back.
    mallopt(M_TOP_PAD, 2 * WARM_BYTES);
    free(malloc(1000));
    char *end = sbrk(0);
    if (end == (char *)-1) return;
    uintptr_t start = ((uintptr_t)end - 2 * WARM_BYTES) & ~(uintptr_t)4095;
    madvise((void *)start, WARM_BYTES, MADV_POPULATE_WRITE);
}
