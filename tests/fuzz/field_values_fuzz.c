/* Values of other request fields: conditions, dates, codings, identifiers. */
#include "http/negotiation/conditional.h"

#include "fuzz.h"
#include "http/message/http_date.h"
#include "http/negotiation/content_coding.h"
#include "http/observe/request_id.h"

#include "base/banned.h"

#define TAG "\"7-0123456789abcdef-gzip\""

static void check_date(const char *text)
{
	char written[DATE_SIZE];
	time_t moment, again;

	if (!http_date_read(text, &moment))
		return;
	http_date_write(moment, written);
	PROMISE(strlen(written) == DATE_SIZE - 1);
	PROMISE(http_date_read(written, &again) && again == moment);
}

static void check_coding(const char *text)
{
	for (unsigned has = 0; has < 4; has++) {
		const bool available[CODINGS] = {true, has & 1, has & 2};
		enum content_coding picked;

		if (content_coding_pick(text, available, &picked))
			PROMISE(picked < CODINGS && available[picked]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = text_of(bytes, length), id[REQUEST_ID_SIZE];

	check_date(text);
	check_coding(text);
	conditional_unmodified(text, NULL, TAG, 1000);
	conditional_unmodified(NULL, text, TAG, 1000);
	PROMISE(conditional_unmodified("*", text, TAG, 1000));
	if (request_id_traceparent_valid(text))
		PROMISE(strlen(text) >= 55);
	request_id_set(id, text);
	PROMISE(strlen(id) > 0 && strlen(id) < REQUEST_ID_SIZE);
	PROMISE(strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
		strlen(id));
	free(text);
	return 0;
}
