// What of zlib the core calls.

#include <zlib.h>
