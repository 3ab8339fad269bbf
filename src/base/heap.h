/*
 * heap: configures the C library's allocator for a process that runs for months.
 */
#pragma once

/* Makes freed memory available to all threads, and returns large blocks to the kernel at once. Call
 * it before any thread starts. */
void heap_settle(void);
