#include "staging.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	stage_file(bytes, length, "authorities.csv", AUTHORITY, true, import_csv);
	stage_file(bytes, length, "actions.csv", ACTION, true, import_csv);
	return 0;
}
