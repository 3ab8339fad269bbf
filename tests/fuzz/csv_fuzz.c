#include "staging.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	stage_file(bytes, length, "authorities.csv", AUTHORITY, true, read_csv);
	stage_file(bytes, length, "actions.csv", ACTION, true, read_csv);
	return 0;
}
