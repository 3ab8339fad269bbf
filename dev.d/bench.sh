# shellcheck shell=bash
# ./dev bench: compares a release build with nginx and pgbench; tests/load does the work.

command_bench() {
	PATH=$PATH:/usr/sbin:/sbin # nginx is there, which is not in the PATH of users
	need build postgresql client node bench
	install_node_modules
	build release cybertreaty
	# exec, so that Ctrl-C and other signals reach the process that started the others.
	CYBERTREATY_TEST_PG_BIN=$(postgresql_programs "") CYBERTREATY_BIN=$BIN
	export CYBERTREATY_TEST_PG_BIN CYBERTREATY_BIN
	npm run --silent build >/dev/null
	exec node --enable-source-maps build/tests/load/run.js "$@"
}
