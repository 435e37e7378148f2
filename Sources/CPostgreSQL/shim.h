// PostgreSQL's client library, for builds with the trait of the same name.
#include <postgresql/libpq-fe.h>
