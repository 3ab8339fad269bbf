# shellcheck shell=bash
# ./dev test

RESULTS=()

# Runs the unit tests of a built preset and counts the checks.
test_unit() { # PRESET
	local folder=build/$1 passed

	step "Unit tests ($1)"
	quietly .local/unit.log ctest --test-dir "$folder" --output-on-failure --no-tests=error \
		--parallel "$(nproc)" ||
		die "Unit tests failed; their output is above."
	passed=$(grep -oP '\[  PASSED  \] \K[0-9]+' "$folder/Testing/Temporary/LastTest.log" |
		awk '{ sum += $1 } END { print sum }')
	RESULTS+=("$passed unit tests")
}

# Runs the API tests against BIN, on a temporary PostgreSQL.
test_api() { # PRESET [PART-OF-A-FILE-NAME...]
	local preset=$1 passed programs

	shift
	step "API tests ($preset)"
	programs=$(postgresql_programs "")
	CYBERTREATY_TEST_PG_BIN=$programs CYBERTREATY_BIN=$BIN npm run --silent test:api -- "$@" | tee .local/api.log ||
		die "API tests failed; their output is above."
	passed=$(sed -nE 's/^.* pass ([0-9]+)$/\1/p' .local/api.log | tail -n 1)
	[[ -n $passed ]] || die "The API tests did not report how many passed."
	RESULTS+=("$passed API tests")
}

# Runs tests that need many connections, minutes and an idle host, against BIN.
test_load() { # PRESET
	local passed programs

	step "Load tests ($1): about five minutes"
	programs=$(postgresql_programs "")
	CYBERTREATY_TEST_PG_BIN=$programs CYBERTREATY_BIN=$BIN npm run --silent test:load | tee .local/load.log ||
		die "Load tests failed; their output is above."
	passed=$(sed -nE 's/^.* pass ([0-9]+)$/\1/p' .local/load.log | tail -n 1)
	[[ -n $passed ]] || die "The load tests did not report how many passed."
	RESULTS+=("$passed load tests")
}

# Looks for data races: the unit tests, and one API test that mixes clients of every kind while the
# database dies and returns.
test_races() {
	local TSAN_OPTIONS

	export TSAN_OPTIONS=halt_on_error=0:second_deadlock_stack=1
	test_unit tsan
	test_api tsan operations/mixed_load
}

command_test() {
	local kind=all preset=dev argument groups

	if [[ $* == containers || $* == races ]]; then
		"command_test_$1"
		return
	fi
	for argument; do
		case $argument in
		unit | api | load) kind=$argument ;;
		*)
			if ! is_preset "$argument" || [[ $argument == release ]]; then
				die_usage "Unknown argument './dev test $argument'. Give unit, api or load and a preset, or containers, or races."
			fi
			preset=$argument
			;;
		esac
	done
	groups=$(groups_for "$preset")
	[[ $kind == unit ]] || groups+=' postgresql node'
	[[ $kind != all && $kind != api ]] || groups+=' browser examples'
	[[ $kind != load ]] || groups+=' bench'
	# shellcheck disable=SC2086 # several words
	need $groups
	if [[ $kind == all || $kind == api ]]; then
		need_tool pgbouncer pgbouncer 'to test behind a pooler'
		need_tool 'nginx-light nginx' nginx 'to test behind a proxy'
		need_tool 'promtool prometheus' promtool 'to check metrics and alerts'
	fi
	[[ $kind == unit ]] || install_node_modules
	make_local
	if [[ $kind == api || $kind == load ]]; then
		build "$preset" cybertreaty
	else
		build "$preset"
	fi
	[[ $kind == api || $kind == load ]] || test_unit "$preset"
	[[ $kind == unit || $kind == load ]] || test_api "$preset"
	[[ $kind != load ]] || test_load "$preset"
	good "Passed: $(printf '%s, ' "${RESULTS[@]}" | sed 's/, $/./')"
}

command_test_races() {
	# shellcheck disable=SC2046 # several words
	need $(groups_for tsan) postgresql node
	install_node_modules
	make_local
	build tsan
	test_races
	good "No race was found: $(printf '%s, ' "${RESULTS[@]}" | sed 's/, $/./')"
}

command_test_containers() {
	need build postgresql node
	install_node_modules
	make_local
	need_containers
	test_containers
	test_pooler
	good "Passed: $(printf '%s, ' "${RESULTS[@]}" | sed 's/, $/./')"
}

# Repeats the tests behind a pooler with the PgBouncer of Debian 13.
test_pooler() {
	local programs

	build dev cybertreaty
	step "API tests behind Debian 13's PgBouncer"
	programs=$(postgresql_programs "")
	CYBERTREATY_TEST_PG_BIN=$programs CYBERTREATY_BIN=$BIN tests/containers/pooler ||
		die "The tests behind a pooler failed; their output is above."
	RESULTS+=("tests behind a pooler")
}
