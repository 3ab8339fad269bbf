/*
 * process: the resource usage of this process, from the kernel.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct process {
	uint64_t cpu_microseconds; /* user and system */
	uint64_t resident_bytes, virtual_bytes;
	uint64_t threads;
	uint64_t open_files, files_maximum;
};

/* False when /proc cannot be read. */
bool process_read(struct process *process);
