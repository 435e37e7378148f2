// What the storage room needs of the machine and what Swift does not offer: calls of Linux that Swift's C library
// module hides, and sums in registers wider than those that every processor has.
#ifndef CSTORAGE_H
#define CSTORAGE_H

#include <stddef.h>
#include <stdint.h>

/// The numbers that are summed side by side, and the bytes of a step: two words for each.
enum { SOCIAL_LANES = 32, SOCIAL_STEP_BYTES = 2 * 8 * SOCIAL_LANES };

/// Makes everything durable that was written to the file system on which a file lies (syncfs(2)). Returns 0, or -1
/// with errno.
int social_sync_file_system(int descriptor);

/// Asks the disk to begin with what was written to a part of a file (sync_file_range(2)), so that a later sync has less
/// to wait for. It promises nothing, so it has no result.
void social_begin_writing(int descriptor, int64_t offset, int64_t count);

/// Makes a file that lies in memory alone (memfd_create(2)), for another program to read. Returns its descriptor, or -1
/// with errno.
int social_memory_file(void);

/// Takes bytes, in steps of SOCIAL_STEP_BYTES, into the lanes. A lane takes a word by `lane += word`,
/// `lane ^= lane >> a`, `lane += lane << b`, each of which can be undone, so a changed word always changes its lane.
/// The shifts, 31 and 14 for one word, 25 and 22 for the next, are such that no two changed bits made up for each other
/// in 10¹⁰ tries; with the same shifts for all words, the same bit of two words did so far too often.
void social_lanes_add(uint64_t lanes[SOCIAL_LANES], const void *bytes, size_t steps);

/// How many bytes of an SQLite write-ahead log match their checksums, from its beginning through the last frame that
/// does; 0 when its header does not. Reading a log this way takes a tenth of what reading its file takes.
size_t social_log_sound_bytes(const void *bytes, size_t count);

#endif
