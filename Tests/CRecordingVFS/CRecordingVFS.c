// The wrapper around SQLite's default file system; https://www.sqlite.org/vfs.html describes the interface.
#include "CRecordingVFS.h"

#include <errno.h>
#include <string.h>

typedef struct {
    sqlite3_file base;
    const char *path;   // SQLite keeps the name alive until xClose; NULL for a nameless temporary file.
    int syncs_directory; // The first sync of a new journal or log also makes its name durable, as in os_unix.c.
    sqlite3_file *real;
} recording_file;

static sqlite3_vfs *real_vfs;
static recording_observer observe;
static sqlite3_vfs recording_vfs;

static sqlite3_file *real_of(sqlite3_file *file) { return ((recording_file *)file)->real; }

/// Asks the observer; sets errno as the failed system call would have.
static int refuse(int kind, const char *path, sqlite3_int64 offset, const void *bytes, int count, int code) {
    if (path == 0) return SQLITE_OK;
    int number = observe(kind, path, offset, bytes, count);
    if (number == 0) return SQLITE_OK;
    errno = number;
    return kind == RECORDING_WRITE && number == ENOSPC ? SQLITE_FULL : code;
}

static int refuse_directory_sync(const char *path) {
    char parent[1024];
    const char *slash = strrchr(path, '/');
    if (slash == 0 || (size_t)(slash - path) >= sizeof parent) return SQLITE_OK;
    memcpy(parent, path, (size_t)(slash - path));
    parent[slash - path] = 0;
    return refuse(RECORDING_SYNC_DIRECTORY, parent, 0, 0, 0, SQLITE_IOERR_DIR_FSYNC);
}

static int file_close(sqlite3_file *file) { return real_of(file)->pMethods->xClose(real_of(file)); }

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    return real_of(file)->pMethods->xRead(real_of(file), bytes, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    int code = refuse(RECORDING_WRITE, ((recording_file *)file)->path, offset, bytes, count, SQLITE_IOERR_WRITE);
    if (code != SQLITE_OK) return code;
    return real_of(file)->pMethods->xWrite(real_of(file), bytes, count, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int code = refuse(RECORDING_TRUNCATE, ((recording_file *)file)->path, size, 0, 0, SQLITE_IOERR_TRUNCATE);
    if (code != SQLITE_OK) return code;
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int file_sync(sqlite3_file *file, int flags) {
    recording_file *recording = (recording_file *)file;
    int code = refuse(RECORDING_SYNC, recording->path, 0, 0, 0, SQLITE_IOERR_FSYNC);
    if (code != SQLITE_OK) return code;
    if (recording->syncs_directory) {
        code = refuse_directory_sync(recording->path);
        if (code != SQLITE_OK) return code;
        recording->syncs_directory = 0;
    }
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int file_lock(sqlite3_file *file, int level) { return real_of(file)->pMethods->xLock(real_of(file), level); }

static int file_unlock(sqlite3_file *file, int level) { return real_of(file)->pMethods->xUnlock(real_of(file), level); }

static int file_check_reserved(sqlite3_file *file, int *result) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), result);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }

static int file_characteristics(sqlite3_file *file) {
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **place) {
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, place);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file) { real_of(file)->pMethods->xShmBarrier(real_of(file)); }

static int file_shm_unmap(sqlite3_file *file, int deletes) {
    return real_of(file)->pMethods->xShmUnmap(real_of(file), deletes);
}

// Version 2: without xFetch, so that no write can pass through a memory map unseen.
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int is_there(const char *path) {
    int result = 0;
    return real_vfs->xAccess(real_vfs, path, SQLITE_ACCESS_EXISTS, &result) == SQLITE_OK && result;
}

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *file, int flags, int *outFlags) {
    (void)vfs;
    recording_file *recording = (recording_file *)file;
    memset(recording, 0, sizeof *recording);
    recording->real = (sqlite3_file *)&recording[1];
    int creates = path != 0 && (flags & SQLITE_OPEN_CREATE) != 0 && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0;
    if (creates && !is_there(path)) {
        int code = refuse(RECORDING_CREATE, path, 0, 0, 0, SQLITE_CANTOPEN);
        if (code != SQLITE_OK) return code;
    }
    const int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    recording->path = (flags & SQLITE_OPEN_DELETEONCLOSE) == 0 ? path : 0;
    recording->syncs_directory = creates && (flags & journals) != 0;
    int code = real_vfs->xOpen(real_vfs, path, recording->real, flags, outFlags);
    if (recording->real->pMethods != 0) recording->base.pMethods = &methods;
    return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int syncsDirectory) {
    (void)vfs;
    if (is_there(path)) {
        int code = refuse(RECORDING_DELETE, path, 0, 0, 0, SQLITE_IOERR_DELETE);
        if (code == SQLITE_OK && syncsDirectory) code = refuse_directory_sync(path);
        if (code != SQLITE_OK) return code;
    }
    return real_vfs->xDelete(real_vfs, path, syncsDirectory);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
    (void)vfs;
    return real_vfs->xAccess(real_vfs, path, flags, result);
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *path, int count, char *full) {
    (void)vfs;
    return real_vfs->xFullPathname(real_vfs, path, count, full);
}

static int vfs_randomness(sqlite3_vfs *vfs, int count, char *bytes) {
    (void)vfs;
    return real_vfs->xRandomness(real_vfs, count, bytes);
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return real_vfs->xSleep(real_vfs, microseconds);
}

static int vfs_current_time(sqlite3_vfs *vfs, double *time) {
    (void)vfs;
    return real_vfs->xCurrentTime(real_vfs, time);
}

static int vfs_last_error(sqlite3_vfs *vfs, int count, char *message) {
    (void)vfs;
    return real_vfs->xGetLastError(real_vfs, count, message);
}

int recording_vfs_install(recording_observer observer) {
    real_vfs = sqlite3_vfs_find(0);
    if (real_vfs == 0) return SQLITE_ERROR;
    observe = observer;
    recording_vfs.iVersion = 1;
    recording_vfs.szOsFile = (int)sizeof(recording_file) + real_vfs->szOsFile;
    recording_vfs.mxPathname = real_vfs->mxPathname;
    recording_vfs.zName = "recording";
    recording_vfs.xOpen = vfs_open;
    recording_vfs.xDelete = vfs_delete;
    recording_vfs.xAccess = vfs_access;
    recording_vfs.xFullPathname = vfs_full_pathname;
    recording_vfs.xRandomness = vfs_randomness;
    recording_vfs.xSleep = vfs_sleep;
    recording_vfs.xCurrentTime = vfs_current_time;
    recording_vfs.xGetLastError = vfs_last_error;
    return sqlite3_vfs_register(&recording_vfs, 1);
}
