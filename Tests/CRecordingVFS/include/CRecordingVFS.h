// A virtual file system for SQLite that reports each change of a file before it happens and can refuse it. It wraps
// the default one and passes everything on. The wal-index is not reported: it is no part of what survives a power cut.
#ifndef CRECORDING_VFS_H
#define CRECORDING_VFS_H

#include <sqlite3.h>

/// What is about to happen to a file.
enum {
    RECORDING_CREATE = 1,
    RECORDING_WRITE = 2,
    RECORDING_TRUNCATE = 3,
    RECORDING_SYNC = 4,
    RECORDING_DELETE = 5,
    RECORDING_SYNC_DIRECTORY = 6
};

/// Sees a change; 0 lets it happen, any other value is the errno with which it fails instead.
typedef int (*recording_observer)(int kind, const char *path, sqlite3_int64 offset, const void *bytes, int count);

/// Makes the recording file system SQLite's default. To be called once, before any database is opened.
/// Returns an SQLite result code.
int recording_vfs_install(recording_observer observer);

#endif
