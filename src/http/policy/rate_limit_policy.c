#include "http/policy/rate_limit_policy.h"

#include "http/policy/rate_limit.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

static bool is_probe(const struct service *service, const char *path)
{
	for (const char *const *probe = service->probes; probe && *probe; probe++)
		if (strcmp(*probe, path) == 0)
			return true;
	return false;
}

void rate_limit_policy_charge(const struct service *service, struct exchange *exchange)
{
	const struct request *request = &exchange->request;
	uint64_t now =
		(uint64_t)request->began.tv_sec * 1000000000 + (uint64_t)request->began.tv_nsec;

	if (!service->rate_limit || !exchange->client_known ||
	    strcmp(request->method, "OPTIONS") == 0 || is_probe(service, request->path))
		return;
	exchange->counted = true;
	exchange->allowance = rate_limit_take(service->rate_limit, &exchange->client, now);
}

bool rate_limit_policy_admit(const struct service *service, struct exchange *exchange,
			     struct error *err)
{
	rate_limit_policy_charge(service, exchange);
	if (!exchange->counted || exchange->allowance.granted)
		return true;
	return error_tell(
		err, ERROR_TOO_MANY_REQUESTS,
		"A client may send %ld requests in %ld seconds; try again in %ld.",
		"Un client peut envoyer %ld requêtes en %ld secondes ; réessayez dans %ld.",
		service->rate_requests, service->rate_seconds, exchange->allowance.retry);
}

static bool stays_private(const struct response *response)
{
	for (size_t i = 0; i < response->field_count; i++)
		if (strcasecmp(response->fields[i].name, "Cache-Control") == 0)
			return strstr(response->fields[i].value, "no-store") ||
			       strstr(response->fields[i].value, "private");
	return false;
}

void rate_limit_policy_settle(const struct service *service, struct exchange *exchange)
{
	const struct allowance *allowance = &exchange->allowance;
	struct response *response = &exchange->response;

	if (!exchange->counted)
		return;
	if (response->status == 304 &&
	    (!response->origin || strcmp(response->origin, "miss") != 0)) {
		rate_limit_return(service->rate_limit, &exchange->client);
		return;
	}
	if (response->status == 429)
		response_field(response, "Retry-After", "%ld", allowance->retry);
	if (!stays_private(response))
		return;
	/* draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4 */
	response_field(response, "RateLimit-Policy", "\"client\";q=%ld;w=%ld",
		       service->rate_requests, service->rate_seconds);
	response_field(response, "RateLimit", "\"client\";r=%ld;t=%ld", allowance->left,
		       allowance->granted ? allowance->replenish : allowance->retry);
}
