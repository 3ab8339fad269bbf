/*
 * language: English or French, the official languages of the Convention.
 */
#pragma once

/* The language of an answer: `asked` (the value of `lang`) when it is not NULL, else the best of
 * Accept-Language (NULL when absent), else "en". fr-CA counts as fr; what is neither is passed
 * over, so that there is always an answer. (RFC 9110, section 12.5.4) */
const char *language_pick(const char *asked, const char *accept_language);
