/*
 * banned: functions that this project does not use. Included last in every .c file, since the
 * system's own headers name them.
 */
#pragma once

/* Macros of glibc under clang with _FORTIFY_SOURCE; poisoning a macro is a warning. */
#undef sprintf
#undef vsprintf

/* No bound on what they write. */
#pragma GCC poison strcpy strcat sprintf vsprintf gets stpcpy wcscpy wcscat
/* Hidden state shared by threads. */
#pragma GCC poison strtok strerror localtime gmtime ctime asctime rand srand setenv putenv
/* No way to tell a bad number from zero. */
#pragma GCC poison atoi atol atoll atof
