/*
 * language: English or French, the official languages of the Convention.
 */
#pragma once

/* The language of a response: `asked` (the value of `lang`) when it is not NULL, else the best of
 * Accept-Language (NULL when absent), else "en". fr-CA counts as fr; other languages are
 * ignored, so that there is always a result. (RFC 9110, section 12.5.4) */
const char *language_pick(const char *asked, const char *accept_language);
