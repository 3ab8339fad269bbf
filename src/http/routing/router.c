#include "http/routing/router.h"

#include "http/message/request.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

static bool take_segment(struct route_match *match, const char *template, const char *path,
			 size_t length)
{
	if (length == 0 || match->count == ROUTE_PARAMETERS)
		return false;
	match->segments[match->count++] = (struct segment){
		.name = template + 1,
		.name_length = strcspn(template, "}") - 1,
		.text = path,
		.length = length,
	};
	return true;
}

/* True when path is an address of the template. *exact is false when literal segments differ in
 * case or a slash trails. */
static bool path_fits(const char *template, const char *path, struct route_match *match,
		      bool *exact)
{
	*exact = true;
	match->count = 0;
	while (*template == '/' && *path == '/') {
		size_t expected = strcspn(++template, "/"), length = strcspn(++path, "/");

		if (*template == '{') {
			if (!take_segment(match, template, path, length))
				return false;
		} else if (expected != length || strncasecmp(template, path, length) != 0) {
			return false;
		} else if (strncmp(template, path, length) != 0) {
			*exact = false;
		}
		template += expected;
		path += length;
	}
	if (strcmp(path, "/") == 0) {
		*exact = false;
		return *template == '\0';
	}
	return *template == '\0' && *path == '\0';
}

/* False for most templates that do not fit: up to a parameter they differ in more than case. */
static bool may_fit(const char *template, const char *path)
{
	for (size_t i = 0; template[i] && template[i] != '{'; i++)
		if ((template[i] | 0x20) != (path[i] | 0x20))
			return false;
	return true;
}

/* True when the first segment that is literal in one template alone is so in a. */
static bool more_literal(const char *a, const char *b)
{
	while (*a == '/' && *b == '/') {
		bool literal = *++a != '{';

		if (literal != (*++b != '{'))
			return literal;
		a += strcspn(a, "/");
		b += strcspn(b, "/");
	}
	return false;
}

static bool method_fits(const struct route *route, const char *method)
{
	return strcmp(route->method, method) == 0 || strcmp(method, "OPTIONS") == 0 ||
	       (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

enum router_outcome router_find(const struct route *routes, const char *method, const char *path,
				struct route_match *match)
{
	enum router_outcome outcome = ROUTE_UNKNOWN_PATH;

	if (!request_method_known(method))
		return ROUTE_UNKNOWN_METHOD;
	match->route = NULL;
	for (const struct route *route = routes; route->method; route++) {
		struct route_match candidate;
		bool exact, fits, better;

		if (!may_fit(route->template, path) ||
		    !path_fits(route->template, path, &candidate, &exact))
			continue;
		fits = method_fits(route, method);
		better = !match->route || more_literal(route->template, match->route->template);
		/* Of the same template, the first whose method fits. */
		if (!better && (!fits || outcome != ROUTE_WRONG_METHOD ||
				strcmp(route->template, match->route->template) != 0))
			continue;
		candidate.route = route;
		*match = candidate;
		outcome = !fits ? ROUTE_WRONG_METHOD : exact ? ROUTE_FOUND : ROUTE_OTHER_ADDRESS;
	}
	return outcome;
}

static bool has_method(const struct route *routes, const char *template, const char *method)
{
	for (const struct route *route = routes; route->method; route++) {
		if (template && strcmp(route->template, template) != 0)
			continue;
		if (method_fits(route, method))
			return true;
	}
	return false;
}

const char *router_allow(const struct route *routes, const char *template, struct arena *arena)
{
	const char *allow = "";

	for (const char *const *method = request_methods; allow && *method; method++)
		if (has_method(routes, template, *method))
			allow = arena_format(arena, "%s%s%s", allow, *allow ? ", " : "", *method);
	return allow;
}

/* Length of "/v" and digits at the start of path when that is its whole first segment, else 0. */
static size_t version_length(const char *path)
{
	size_t digits;

	if (strncasecmp(path, "/v", 2) != 0)
		return 0;
	digits = strspn(path + 2, "0123456789");
	if (digits == 0 || (path[2 + digits] != '\0' && path[2 + digits] != '/'))
		return 0;
	return 2 + digits;
}

const char *router_other_version(const struct route *routes, const char *path, size_t *length)
{
	size_t asked = version_length(path);

	for (const struct route *route = routes; asked && route->method; route++) {
		*length = version_length(route->template);
		if (*length == 0)
			continue;
		if (*length == asked && strncasecmp(route->template, path, asked) == 0)
			return NULL;
		return route->template;
	}
	return NULL;
}
