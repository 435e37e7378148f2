// What Swift cannot call directly: SQLite's variadic configuration functions, and its session extension.
#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <sqlite3.h>

/// Lets SQLite not count the memory that it has: for that it holds one lock of the whole process at each allocation,
/// and threads that read wait for a thread that is not even running. It has an effect before the first connection is
/// opened. Returns an SQLite result code.
int social_sqlite_prepare(void);

/// Keeps SQLite from checkpointing when the last connection closes, and hardens the connection against
/// hostile files (https://www.sqlite.org/c3ref/c_dbconfig_defensive.html). Returns an SQLite result code.
int social_sqlite_configure(sqlite3 *connection);

/// Lets a private copy of a damaged file be read although its list of tables is damaged, and that list be mended.
/// Returns an SQLite result code.
int social_sqlite_unlock_schema(sqlite3 *connection);

/// Begins to record what is changed in all tables of a connection. Returns an SQLite result code.
int social_session_begin(sqlite3 *connection, void **session);

/// The changes recorded so far; the bytes are freed with sqlite3_free. Returns an SQLite result code.
int social_session_changes(void *session, int *count, void **bytes);

/// Ends the recording.
void social_session_end(void *session);

/// Makes recorded changes on another database; SQLITE_ABORT when a row that they are about is missing there, or is
/// there already.
int social_changes_apply(sqlite3 *connection, int count, const void *bytes);

#endif
