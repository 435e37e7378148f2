// What the storage room needs of the machine and what Swift does not offer: a call of Linux that Swift's C library
// module hides, and sums in registers wider than those that every processor has.
#ifndef CSTORAGE_H
#define CSTORAGE_H

#include <stddef.h>
#include <stdint.h>

/// The numbers that are summed side by side.
enum { SOCIAL_LANES = 16, SOCIAL_LANE_BYTES = 8 * SOCIAL_LANES };

/// Makes everything durable that was written to the file system on which a file lies (syncfs(2)). Returns 0, or -1
/// with errno.
int social_sync_file_system(int descriptor);

/// Takes bytes, in steps of SOCIAL_LANE_BYTES, into the lanes: a lane takes a word by `lane += word`,
/// `lane ^= lane >> 29`, `lane += lane << 18`, each of which can be undone, so a changed word always changes its lane.
void social_lanes_add(uint64_t lanes[SOCIAL_LANES], const void *bytes, size_t steps);

#endif
