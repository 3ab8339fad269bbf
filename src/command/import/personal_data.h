/*
 * personal_data: contact details of persons, which the dataset must not contain.
 */
#pragma once

/* Returns the kind of contact details in a text, or in the address of a web page: "an e-mail
 * address" or "a telephone number". Returns NULL when there are none. */
const char *personal_data_in_text(const char *text);
const char *personal_data_in_url(const char *url);
