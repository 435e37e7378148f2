// What Swift cannot call directly: SQLite's variadic configuration functions.
#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <sqlite3.h>

/// Keeps SQLite from checkpointing when the last connection closes, and hardens the connection against
/// hostile files (https://www.sqlite.org/c3ref/c_dbconfig_defensive.html). Returns an SQLite result code.
int social_sqlite_configure(sqlite3 *connection);

#endif
