# shellcheck shell=bash
# ./dev run and ./dev psql.

SERVICE='' CLUSTER=''

# Stops all child processes when this process ends. A second signal makes the service exit at once, like
# a second signal to the service itself.
leave() {
	trap '[[ -z $SERVICE ]] || kill -TERM "$SERVICE" 2>/dev/null || :' INT TERM HUP
	stop_children
}

stop_on_exit() {
	trap leave EXIT
	trap 'exit 130' INT
	trap 'exit 129' HUP
	trap 'exit 143' TERM
}

check_port() { # ADDRESS PORT
	if [[ ! $2 =~ ^[0-9]{1,5}$ ]] || ((10#$2 < 1 || 10#$2 > 65535)); then
		die_usage "PORT must be a number from 1 to 65535, not '$2'."
	fi
	if (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; then
		die "Port $2 is in use by another program. Stop it, or choose another port: PORT=$((10#$2 + 1)) ./dev run"
	fi
}

# A shell without job control starts background commands with SIGINT ignored, and bash cannot trap a
# signal that was ignored at its start: restart with the default action for the signal.
listen_to_interrupt() {
	local ignored
	ignored=$(awk '/^SigIgn:/ { print $2 }' "/proc/$$/status")

	((!(16#$ignored & 1 << 1))) || exec env --default-signal=INT "$ROOT/dev" run
}

# Waits until the service is ready.
service_ready() {
	for _ in {1..300}; do
		"$BIN" health >/dev/null 2>&1 && return
		kill -0 "$SERVICE" 2>/dev/null || return
		sleep 0.1
	done
	die "The service did not become ready; its log is above."
}

# A listening address as the host of a URL on this host.
as_host() { # ADDRESS
	case $1 in
	0.0.0.0 | ::) say localhost ;;
	*:*) say "[$1]" ;;
	*) say "$1" ;;
	esac
}

say_where() { # ADDRESS PRIVATE
	good "cybertreaty is running at $1"
	say "  a country's page    curl $1/v1/countries/NO/profile"
	say "  reservations        curl '$1/v1/reservations?treaty=185&article=29.4'"
	say "  all resources       curl $1/v1"
	say "  the reference       $1/docs in a browser"
	say "  the contract        $1/openapi.yaml"
	[[ -z $2 ]] || say "  the database        ./dev psql"
	say "Ctrl-C stops it."
}

command_run() {
	local address=${CYBERTREATY_ADDRESS:-127.0.0.1} port=${CYBERTREATY_PORT:-${PORT:-8080}}
	local private=1 status=0

	no_arguments run "$@"
	unset CYBERTREATY_TEST_PG_BIN # of the tests; the service refuses settings that it does not know
	listen_to_interrupt
	lock_local || die "./dev run is already running in this folder (process $(<.local/lock))."
	check_port "$address" "$port"
	! external_database || private=''
	need build ask node ${private:+postgresql}
	build dev cybertreaty
	stop_on_exit
	[[ -z $private ]] || cluster_start
	"$BIN" migrate
	"$BIN" import data

	export CYBERTREATY_ADDRESS=$address CYBERTREATY_PORT=$port
	# A separate session, so that Ctrl-C in the terminal reaches only this script, and one
	# signal reaches the service.
	setsid setpriv --pdeathsig TERM -- "$BIN" serve 9>&- &
	SERVICE=$!
	service_ready
	say_where "http://$(as_host "$address"):$port" "$private"
	wait "$SERVICE" || status=$?
	die "The service exited unexpectedly with status $status."
}

command_psql() {
	need client
	if external_database; then
		exec psql "$(external_address)" "$@"
	fi
	if lock_local; then
		need postgresql
		stop_on_exit
		cluster_start
		trap : INT # psql handles it: it cancels a query
		psql "$DATABASE_URL" "$@" 9>&-
	else
		psql "$(database_address "$(socket_folder "$(cluster_place)")")" "$@"
	fi
}
