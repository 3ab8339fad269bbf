#include "api/read/cursor.h"

#include "base/cleanup.h"
#include "codec/base64url.h"
#include "codec/json.h"
#include "codec/sha256.h"

#include <jansson.h>
#include <string.h>

#include "base/banned.h"

enum { HASH_DIGITS = 16, CURSOR_MAXIMUM = 2048, CURSOR_DEPTH = 1 };

static bool hash_list(struct arena *arena, const char *list, const char *value, const char *key,
		      char hash[65])
{
	char *text = arena_format(arena, "%s\n%s\n%s", list, value, key);

	if (!text)
		return false;
	sha256_hex(text, strlen(text), hash);
	hash[HASH_DIGITS] = '\0';
	return true;
}

char *cursor_write(struct arena *arena, const char *list, const char *position)
{
	json_auto_t *array = json_loads(position, JSON_REJECT_DUPLICATES, NULL);
	const char *value = json_string_value(json_array_get(array, 0));
	const char *key = json_string_value(json_array_get(array, 1));
	char hash[65], *json, *text;
	size_t length;

	if (!value || !key || !hash_list(arena, list, value, key, hash) ||
	    json_array_append_new(array, json_string(hash)))
		return NULL;
	length = json_dumpb(array, NULL, 0, JSON_COMPACT);
	json = arena_take(arena, length + 1);
	text = arena_take(arena, BASE64URL_LENGTH(length) + 1);
	if (!json || !text || json_dumpb(array, json, length, JSON_COMPACT) != length)
		return NULL;
	base64url_encode(json, length, text);
	return text;
}

bool cursor_read(struct arena *arena, const char *list, const char *text, struct cursor *cursor,
		 struct error *err)
{
	char json[CURSOR_MAXIMUM], hash[65];
	size_t length = 0;
	bool decoded = base64url_decode(text, json, sizeof json, &length) &&
		       json_depth_within(json, length, CURSOR_DEPTH);
	json_auto_t *array =
		decoded ? json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *value = json_string_value(json_array_get(array, 0));
	const char *key = json_string_value(json_array_get(array, 1));
	const char *found = json_string_value(json_array_get(array, 2));

	if (!value || !key || !found || json_array_size(array) != 3)
		return error_tell(
			err, ERROR_BAD_REQUEST,
			"This is not a cursor. Use the value from links.next unchanged.",
			"Ce n’est pas un curseur. Reprenez telle quelle la valeur de links.next.");
	if (!hash_list(arena, list, value, key, hash))
		return error_out_of_memory(err);
	if (strcmp(found, hash) != 0)
		return error_tell(
			err, ERROR_BAD_REQUEST,
			"This cursor belongs to another list. Repeat the filters, sort key and "
			"language of that list, or start without a cursor.",
			"Ce curseur appartient à une autre liste. Reprenez les filtres, le tri et "
			"la "
			"langue de cette liste, ou commencez sans curseur.");
	cursor->value = arena_copy(arena, value, strlen(value));
	cursor->key = arena_copy(arena, key, strlen(key));
	return (cursor->value && cursor->key) || error_out_of_memory(err);
}
