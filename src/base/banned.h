/*
 * banned: functions that this project does not use. Included last in every .c file, since the
 * system's own headers name them.
 */
#pragma once

/* Macros of glibc under clang with _FORTIFY_SOURCE; poisoning a macro is a warning. */
#undef sprintf
#undef vsprintf

/* Write without a bound. */
#pragma GCC poison strcpy strcat sprintf vsprintf gets stpcpy wcscpy wcscat
/* Share hidden state between threads. */
#pragma GCC poison strtok strerror localtime gmtime ctime asctime rand srand setenv putenv
/* Cannot distinguish an invalid number from zero. */
#pragma GCC poison atoi atol atoll atof
