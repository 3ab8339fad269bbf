/*
 * cleanup: release a local variable on every path out of its block.
 *
 *	CLEANUP(buffer_free) struct buffer body = {0};
 */
#pragma once

#define CLEANUP(function) __attribute__((cleanup(function)))
