#include "command/migrate/embedded_migrations.h"

#include "codec/sha256.h"
#include "migrations.h"

#include <stdlib.h>

#include "base/banned.h"

enum { HEX_BYTES = 65 };

struct migration *embedded_migrations(void)
{
	size_t count = 0;
	struct migration *list;
	char *checksums;

	while (migrations[count])
		count++;
	list = calloc(1, (count + 1) * sizeof *list + count * HEX_BYTES);
	if (!list)
		return NULL;
	checksums = (char *)(list + count + 1);
	for (size_t i = 0; i < count; i++) {
		char *checksum = checksums + i * HEX_BYTES;

		sha256_hex(migrations[i]->text, migrations[i]->length, checksum);
		list[i] = (struct migration){migrations[i]->name, migrations[i]->text, checksum};
	}
	return list;
}

void embedded_migrations_free(struct migration **list)
{
	free(*list);
}
