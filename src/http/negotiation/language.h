/*
 * language: English or French, the official languages of the Convention.
 */
#pragma once

/* Returns the language of a response: `chosen` (the value of `lang`) when it is not NULL, else the
 * best of Accept-Language (NULL when absent), else "en". fr-CA counts as fr; other languages are
 * ignored. (RFC 9110, section 12.5.4) */
const char *language_pick(const char *chosen, const char *accept_language);
