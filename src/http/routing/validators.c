#include "http/routing/validators.h"

#include "http/negotiation/conditional.h"
#include "http/negotiation/content_coding.h"
#include "http/routing/freshness.h"

#include "base/banned.h"

/* Chooses the form of the body that the client accepts. */
static bool choose_coding(const struct request *request, struct response *response,
			  enum content_coding *coding, struct error *err)
{
	bool available[CODINGS];

	*coding = CODING_IDENTITY;
	if (!response->forms)
		return true;
	for (int i = 0; i < CODINGS; i++)
		available[i] = response->forms[i].bytes;
	if (!content_coding_pick(request_field(request, FIELD_ACCEPT_ENCODING), available, coding))
		return error_tell(
			err, ERROR_NOT_ACCEPTABLE,
			"Accept-Encoding allows none of the available codings: identity, gzip, "
			"br.",
			"Accept-Encoding n’admet aucun des codages disponibles : identity, gzip, "
			"br.");
	response->coding = *coding;
	response->body = (char *)(uintptr_t)response->forms[*coding].bytes;
	response->length = response->forms[*coding].length;
	response_field(response, "Vary", "Accept-Encoding");
	if (*coding != CODING_IDENTITY)
		response_field(response, "Content-Encoding", "%s", content_coding_name(*coding));
	return true;
}

bool validators_add(const struct request *request, struct response *response, struct error *err)
{
	enum content_coding coding;
	char freshness[FRESHNESS_FIELD];
	const char *tag;

	if (response->status != 200 || !response->tag)
		return true;
	if (!choose_coding(request, response, &coding, err))
		return false;
	tag = arena_format(request->arena, "\"%s%s\"", response->tag,
			   content_coding_suffix(coding));
	if (!tag)
		return error_out_of_memory(err);
	response_field(response, "ETag", "%s", tag);
	freshness_write(time(NULL), response->ends, freshness);
	/* A response to a request with a key is private, although its bytes are the same. */
	response_field(response, "Cache-Control", "%s",
		       request_field(request, FIELD_AUTHORIZATION) ? "private, no-cache"
								   : freshness);
	if (conditional_unmodified(request_field(request, FIELD_IF_NONE_MATCH),
				   request_field(request, FIELD_IF_MODIFIED_SINCE), tag,
				   response->modified))
		response_not_modified(response);
	return true;
}
