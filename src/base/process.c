#include "base/process.h"

#include "base/cleanup.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

/* The number in a field; the first field is number 1. */
static uint64_t field(const char *fields, int place)
{
	while (--place > 0) {
		fields += strspn(fields, " ");
		fields += strcspn(fields, " ");
	}
	return strtoull(fields, NULL, 10);
}

/* Reads threads and memory (proc_pid_stat(5), where field numbers are greater by two). */
static bool read_state(struct process *process)
{
	enum { THREADS = 18, VIRTUAL_BYTES = 21, RESIDENT_PAGES = 22 };
	CLEANUP(cleanup_file) FILE *file = fopen("/proc/self/stat", "re");
	char line[1024];
	const char *fields;

	if (!file || !fgets(line, sizeof line, file))
		return false;
	/* The program's name in parentheses may contain blanks and parentheses. */
	fields = strrchr(line, ')');
	if (!fields)
		return false;
	process->threads = field(fields + 1, THREADS);
	process->virtual_bytes = field(fields + 1, VIRTUAL_BYTES);
	process->resident_bytes =
		field(fields + 1, RESIDENT_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	return true;
}

static bool count_files(struct process *process)
{
	CLEANUP(close_folder) DIR *folder = opendir("/proc/self/fd");
	struct rlimit limit;

	if (!folder || getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return false;
	process->files_maximum = limit.rlim_cur;
	process->open_files = 0;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): only this thread uses the stream. */
	for (const struct dirent *entry; (entry = readdir(folder));)
		process->open_files += entry->d_name[0] != '.';
	/* Do not count the descriptor of the folder itself. */
	process->open_files--;
	return true;
}

bool process_read(struct process *process)
{
	struct timespec cpu;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) != 0)
		return false;
	process->cpu_microseconds = (uint64_t)cpu.tv_sec * 1000000 + (uint64_t)cpu.tv_nsec / 1000;
	return read_state(process) && count_files(process);
}
