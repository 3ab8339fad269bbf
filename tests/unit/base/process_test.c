#include "base/process.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/banned.h"

static void tells_what_is_used(void **state)
{
	const size_t size = 32 << 20;
	struct process before, after;
	int descriptor;
	char *memory;

	(void)state;
	assert_true(process_read(&before));
	assert_true(before.threads >= 1);
	assert_true(before.virtual_bytes >= before.resident_bytes);
	assert_true(before.files_maximum > before.open_files);
	descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
	memory = malloc(size);
	assert_non_null(memory);
	memset(memory, 1, size);
	assert_true(process_read(&after));
	assert_int_equal(after.open_files, before.open_files + 1);
	assert_true(after.resident_bytes >= before.resident_bytes + size / 2);
	assert_true(after.cpu_microseconds > before.cpu_microseconds);
	free(memory);
	close(descriptor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(tells_what_is_used)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
