#include "http/observe/request_id.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define ALPHANUMERIC "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define HEX "0123456789abcdef"

enum { ID_BYTES = 16, STORE = 16 * ID_BYTES };

/* Each thread draws the bytes of several identifiers at once. */
static void draw(unsigned char bytes[ID_BYTES])
{
	static _Thread_local unsigned char drawn[STORE];
	static _Thread_local size_t left;

	if (left == 0) {
		arc4random_buf(drawn, sizeof drawn);
		left = sizeof drawn;
	}
	left -= ID_BYTES;
	memcpy(bytes, drawn + left, ID_BYTES);
}

void request_id_set(char id[REQUEST_ID_SIZE], const char *sent)
{
	size_t length = sent ? strspn(sent, ALPHANUMERIC "._-") : 0;
	unsigned char bytes[ID_BYTES];

	if (length > 0 && length < REQUEST_ID_SIZE && sent[length] == '\0') {
		memcpy(id, sent, length + 1);
		return;
	}
	draw(bytes);
	for (size_t i = 0; i < sizeof bytes; i++) {
		id[2 * i] = HEX[bytes[i] >> 4];
		id[2 * i + 1] = HEX[bytes[i] & 15];
	}
	id[2 * sizeof bytes] = '\0';
}

/* True when text starts with that many hexadecimal digits that are not all zero. */
static bool is_nonzero_hex(const char *text, size_t digits)
{
	return strspn(text, HEX) >= digits && strspn(text, "0") < digits;
}

bool request_id_traceparent_valid(const char *text)
{
	if (strspn(text, HEX) != 2 || strncmp(text, "ff", 2) == 0 || text[2] != '-')
		return false;
	if (!is_nonzero_hex(text + 3, 32) || text[35] != '-')
		return false;
	if (!is_nonzero_hex(text + 36, 16) || text[52] != '-')
		return false;
	if (strspn(text + 53, HEX) != 2)
		return false;
	/* Later versions may add fields; the version known here has none. */
	return text[55] == '\0' || (text[55] == '-' && strncmp(text, "00", 2) != 0);
}

void request_id_read(struct exchange *exchange)
{
	const char *traceparent = request_field(&exchange->request, FIELD_TRACEPARENT);

	request_id_set(exchange->request.id, request_field(&exchange->request, FIELD_X_REQUEST_ID));
	if (traceparent && request_id_traceparent_valid(traceparent))
		exchange->traceparent = traceparent;
}
