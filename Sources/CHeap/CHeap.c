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

enum { WARM_BYTES = 512 << 10, BLOCK_BYTES = 120 << 10 };

void social_heap_warm(void) {
    // The padding by which the heap grows at a time. The first heap has 132 KiB, so two blocks make it grow; they are
    // the next that will be handed out, and are given back.
    mallopt(M_TOP_PAD, 2 * WARM_BYTES);
    char *first = malloc(BLOCK_BYTES), *second = malloc(BLOCK_BYTES);
    uintptr_t start = ((uintptr_t)first + 4095) & ~(uintptr_t)4095, end = (uintptr_t)sbrk(0);
    free(second);
    free(first);
    if (start < end && end - start > WARM_BYTES) madvise((void *)start, WARM_BYTES, MADV_POPULATE_WRITE);
}
