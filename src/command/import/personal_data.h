/*
 * contact: ways to reach a person, which the data set must not hold.
 */
#pragma once

/* What in the text, or in the address of a page, reaches a person: "an e-mail address",
 * "a telephone number", else NULL. */
const char *personal_data_in_text(const char *text);
const char *personal_data_in_url(const char *url);
