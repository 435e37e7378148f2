// What Swift cannot call directly: sqlite3_db_config has a variable argument list, and the session extension
// (https://www.sqlite.org/sessionintro.html) is declared only where two macros are defined.

#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include "CSQLiteShim.h"

int social_sqlite_prepare(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

int social_sqlite_configure(sqlite3 *connection) {
    int code = sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
    if (code != SQLITE_OK) return code;
    code = sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (code != SQLITE_OK) return code;
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}

int social_sqlite_unlock_schema(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 0, (int *)0);
}

int social_session_begin(sqlite3 *connection, void **session) {
    sqlite3_session *made = 0;
    int code = sqlite3session_create(connection, "main", &made);
    if (code == SQLITE_OK) code = sqlite3session_attach(made, 0);
    if (code != SQLITE_OK && made) sqlite3session_delete(made);
    *session = code == SQLITE_OK ? made : 0;
    return code;
}

int social_session_changes(void *session, int *count, void **bytes) {
    return sqlite3session_changeset(session, count, bytes);
}

void social_session_end(void *session) { sqlite3session_delete(session); }

// A bit that flipped in the former row is no reason to do without the new one.
static int resolve(void *context, int conflict, sqlite3_changeset_iter *iterator) {
    (void)context, (void)iterator;
    return conflict == SQLITE_CHANGESET_DATA ? SQLITE_CHANGESET_REPLACE : SQLITE_CHANGESET_ABORT;
}

int social_changes_apply(sqlite3 *connection, int count, const void *bytes) {
    return sqlite3changeset_apply(connection, count, (void *)bytes, 0, resolve, 0);
}
