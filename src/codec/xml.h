/*
 * xml: text in XML documents. (Extensible Markup Language 1.0, section 2.2)
 */
#pragma once
#include "base/buffer.h"

/* Adds valid UTF-8 as character data or the value of an attribute in double quotes. Characters
 * that XML does not allow become U+FFFD; NULL adds nothing. */
void xml_text(struct buffer *buffer, const char *text);
