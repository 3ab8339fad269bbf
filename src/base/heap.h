/*
 * heap: how the C library's allocator is to behave in a process that runs for months.
 */
#pragma once

/* Keeps what is freed usable by every thread, and gives large blocks back to the system at once.
 * Before any thread is started. */
void heap_settle(void);
