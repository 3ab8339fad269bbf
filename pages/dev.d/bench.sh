# shellcheck shell=bash
# ./dev bench: measures a release build beside nginx and pgbench; tests/load does the work.

command_bench() {
	PATH=$PATH:/usr/sbin:/sbin # nginx lies there, where users do not look
	need build postgresql client node bench
	install_node_modules
	build release cybertreaty
	# In its place, so that Ctrl-C and other signals reach the one process that started the rest.
	CYBERTREATY_TEST_PG_BIN=$(postgresql_programs "") CYBERTREATY_BIN=$BIN
	export CYBERTREATY_TEST_PG_BIN CYBERTREATY_BIN
	npm run --silent build >/dev/null
	exec node --enable-source-maps build/tests/load/run.js "$@"
}
