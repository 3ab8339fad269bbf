#include "command/migrate/role_grants.h"

#include "base/cleanup.h"
#include "base/buffer.h"
#include "grant_statements.h"

#include "base/banned.h"

static bool check_role(struct session *session, const char *role, struct error *err)
{
	CLEANUP(rows_free) struct rows obstacle = {0};

	if (!session_query(session, grant_statements_obstacle.text, &role, 1, &obstacle, err))
		return false;
	if (obstacle.count)
		return error_set(err, ERROR_BAD_REQUEST,
				 "CYBERTREATY_SERVICE_ROLE cannot be '%.63s': %s.", role,
				 rows_text(&obstacle, 0, 0));
	return true;
}

bool role_grants_apply(struct session *session, const char *role, size_t *count, struct error *err)
{
	CLEANUP(rows_free) struct rows statements = {0};
	CLEANUP(buffer_free) struct buffer script = {0};

	if (!check_role(session, role, err) ||
	    !session_query(session, grant_statements_statements.text, &role, 1, &statements, err))
		return false;
	for (size_t i = 0; i < statements.count; i++)
		buffer_format(&script, "%s;", rows_text(&statements, i, 0));
	if (script.failed)
		return error_out_of_memory(err);
	if (statements.count && !session_run(session, script.bytes, err))
		return false;
	*count = statements.count;
	return true;
}
