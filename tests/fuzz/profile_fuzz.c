#include "staging.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	stage_file(bytes, length, "profiles/NO.json", PROFILE, false, read_json_profile);
	return 0;
}
