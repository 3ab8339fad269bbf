/*
 * embedded_migrations: the files of migrations/ as this program was built with them.
 */
#pragma once
#include "db/migration.h"

/* One allocation, ends with a NULL name; NULL when out of memory. */
struct migration *embedded_migrations(void);
void embedded_migrations_free(struct migration **list);
