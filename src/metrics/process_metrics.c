#include "metrics/families.h"

#include "base/log.h"
#include "base/process.h"

#include "base/banned.h"

void process_metrics_add(struct exposition *text, uint64_t started)
{
	struct process process;

	exposition_single(text, EXPOSE_COUNTER, "cybertreaty_log_lines_dropped",
			  "Log lines that could not be written.", log_dropped());
	if (!process_read(&process))
		return;
	exposition_family(text, EXPOSE_COUNTER, "process_cpu_seconds",
			  "Total user and system CPU time spent in seconds.");
	exposition_seconds(text, "", NULL, process.cpu_microseconds);
	exposition_family(text, EXPOSE_GAUGE, "process_start_time_seconds",
			  "Start time of the process since unix epoch in seconds.");
	exposition_seconds(text, "", NULL, started);
	exposition_single(text, EXPOSE_GAUGE, "process_resident_memory_bytes",
			  "Resident memory size in bytes.", process.resident_bytes);
	exposition_single(text, EXPOSE_GAUGE, "process_virtual_memory_bytes",
			  "Virtual memory size in bytes.", process.virtual_bytes);
	exposition_single(text, EXPOSE_GAUGE, "process_threads", "Number of OS threads.",
			  process.threads);
	exposition_single(text, EXPOSE_GAUGE, "process_open_fds",
			  "Number of open file descriptors.", process.open_files);
	exposition_single(text, EXPOSE_GAUGE, "process_max_fds",
			  "Maximum number of open file descriptors.", process.files_maximum);
}
