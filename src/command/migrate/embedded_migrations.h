/*
 * embedded_migrations: the files of migrations/ as this program was built with them.
 */
#pragma once
#include "db/migration.h"

/* One allocation, ends with a NULL name; the caller frees it. NULL when out of memory. */
struct migration *embedded_migrations(void);
