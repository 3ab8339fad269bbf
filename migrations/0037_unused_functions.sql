-- No query calls these functions any more: lists pass what they looked up for each row as arguments.

DROP FUNCTION statement_shown(statement, date);
DROP FUNCTION first_act_on(text, text);
DROP FUNCTION treaty_is_open(text, date);
