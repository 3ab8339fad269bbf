# shellcheck shell=bash
# A private PostgreSQL cluster for this checkout, only on a unix socket.
#
# It is in .local/postgres: data/ and socket/. PostgreSQL refuses to run as root, so for root Debian's
# user `postgres` runs it; if that user cannot enter the checkout (for example below /root),
# .local/postgres is a link to a folder in /var/lib/cybertreaty-dev.

OUTSIDE=/var/lib/cybertreaty-dev
SOCKET_NAME=/.s.PGSQL.5432
SOCKET_LIMIT=107 # maximum length of a unix socket path, in bytes

external_database() {
	[[ -n ${DATABASE_URL:-}${DATABASE_URL_FILE:-}${CYBERTREATY_DATABASE_URL:-}${CYBERTREATY_DATABASE_URL_FILE:-} ]]
}

# The URL of that database, as the service reads it.
external_address() {
	local name

	for name in CYBERTREATY_DATABASE_URL DATABASE_URL; do
		[[ -z ${!name:-} ]] || { say "${!name}" && return; }
		name=${name}_FILE
		[[ -z ${!name:-} ]] || { cat -- "${!name}" && return; }
	done
}

checkout_number() { printf %s "$ROOT" | cksum | cut -d' ' -f1; }

# The folder of the cluster. A link from a copy of another checkout is not followed.
cluster_place() {
	local outside
	outside=$OUTSIDE/$(checkout_number)

	if [[ -L .local/postgres && $(readlink .local/postgres) == "$outside" ]]; then
		say "$outside"
	else
		say "$ROOT/.local/postgres"
	fi
}

# The user that runs the cluster: its owner, so that root and other users can both call ./dev.
cluster_user() { # PLACE
	local owner=''

	((EUID == 0)) || { id -un && return; }
	[[ ! -d $1/data ]] || owner=$(stat -c %U "$1/data")
	[[ -n $owner && $owner != root ]] || owner=postgres
	id "$owner" >/dev/null 2>&1 ||
		die "PostgreSQL does not run as root, and there is no user '$owner' to run it. Run ./dev as a normal user."
	say "$owner"
}

# Executes a command, for root as the cluster's user, in a folder that this user can enter.
become() { # USER COMMAND...
	local user=$1

	shift
	cd /
	if ((EUID == 0)); then
		exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups -- "$@"
	fi
	exec "$@"
}

run_as() { (become "$@"); } # USER COMMAND...

# Creates the folder, in .local/ if the user can enter it.
make_place() { # USER
	local user=$1 outside
	outside=$OUTSIDE/$(checkout_number)

	[[ ! -L .local/postgres ]] || rm .local/postgres
	mkdir -p .local/postgres
	((EUID == 0)) || return 0
	if chown "$user:" .local/postgres 2>/dev/null &&
		run_as "$user" test -w "$ROOT/.local/postgres"; then
		return
	fi
	rmdir .local/postgres
	say "The user $user cannot enter $ROOT, so the database is in $outside."
	mkdir -p "$outside"
	chown "$user:" "$outside"
	ln -s "$outside" .local/postgres
}

# The folder of the socket: next to the data, or in /tmp if that path would be too long.
socket_folder() { # PLACE
	local LC_ALL=C folder=$1/socket

	((${#folder} + ${#SOCKET_NAME} <= SOCKET_LIMIT)) || folder=/tmp/cybertreaty-dev-$(checkout_number)
	say "$folder"
}

make_socket_folder() { # FOLDER USER
	run_as "$2" mkdir -m 700 "$1" 2>/dev/null || [[ -d $1 && ! -L $1 && $(stat -c %U "$1") == "$2" ]] ||
		die "'$1' is needed for PostgreSQL's socket, but belongs to another user."
}

# The process of the cluster; empty if none runs. The number in the file may have been reused for
# another process, so check its command line.
cluster_process() { # PLACE
	local file=$1/data/postmaster.pid pid

	[[ -r $file ]] || return 0
	pid=$(head -n 1 -- "$file")
	if [[ -r /proc/$pid/cmdline ]] && tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qxF -- "$1/data"; then
		say "$pid"
	fi
}

# Stops a cluster left by a ./dev that was killed, and removes its pid file.
stop_left_cluster() { # PLACE
	local pid
	pid=$(cluster_process "$1")

	if [[ -n $pid ]]; then
		say "Stopping a PostgreSQL left by an earlier ./dev."
		kill -INT "$pid"
		for _ in {1..100}; do
			[[ -d /proc/$pid ]] || break
			sleep 0.1
		done
		[[ ! -d /proc/$pid ]] || die "The PostgreSQL process $pid does not stop."
	fi
	rm -f -- "$1/data/postmaster.pid"
}

make_cluster() { # PLACE USER PROGRAMS
	step "Creating a private PostgreSQL cluster in $1"
	rm -rf -- "$1/data.new"
	quietly .local/initdb.log run_as "$2" "$3/initdb" -D "$1/data.new" -U cybertreaty \
		--encoding=UTF8 --locale=C.UTF-8 --auth=trust ||
		die "initdb failed; its output is above."
	mv -- "$1/data.new" "$1/data"
}

# Starts the cluster (created by the first call) as a child that ends with this process, however that
# ends. Sets CLUSTER (its process) and DATABASE_URL. The caller holds the lock of .local/.
cluster_start() {
	local place user programs socket

	# Settings for the user's server must not affect this one.
	unset "${!PG@}"
	make_local
	place=$(cluster_place)
	user=$(cluster_user "$place")
	if [[ ! -d $place/data ]]; then
		make_place "$user"
		place=$(cluster_place)
	fi
	[[ $user == "$(stat -c %U "$place")" ]] ||
		die "The database in $place belongs to $(stat -c %U "$place"): run ./dev as that user, or ./dev clean."
	stop_left_cluster "$place"
	programs=$(postgresql_programs "")
	[[ -d $place/data ]] || make_cluster "$place" "$user" "$programs"
	programs=$(postgresql_programs "$(<"$place/data/PG_VERSION")")
	[[ -n $programs ]] ||
		die "Another version of PostgreSQL created the database in $place: ./dev clean removes it."
	socket=$(socket_folder "$place")
	make_socket_folder "$socket" "$user"
	PATH=$programs:$PATH

	(
		exec 9>&-
		become "$user" setsid setpriv --pdeathsig INT -- "$programs/postgres" -D "$place/data" \
			-c listen_addresses= -c unix_socket_directories="\"$socket\"" -c port=5432 \
			-c unix_socket_permissions=0700 -c shared_buffers=64MB
	) >.local/postgres.log 2>&1 &
	CLUSTER=$!
	DATABASE_URL=$(database_address "$socket")
	export DATABASE_URL
	cluster_ready
}

# Waits until the cluster accepts connections; creates the database in the first call.
cluster_ready() {
	local database

	for _ in {1..600}; do
		if database=$(psql "${DATABASE_URL/%cybertreaty/postgres}" -XAtc \
			"SELECT count(*) FROM pg_database WHERE datname = 'cybertreaty'" 2>/dev/null); then
			((database)) ||
				psql "${DATABASE_URL/%cybertreaty/postgres}" -Xqc 'CREATE DATABASE cybertreaty'
			return
		fi
		kill -0 "$CLUSTER" 2>/dev/null || break
		sleep 0.1
	done
	tail -n 20 .local/postgres.log >&2
	die "PostgreSQL did not start; the end of .local/postgres.log is above."
}

# In libpq's syntax; the database name comes last.
database_address() { # SOCKET-FOLDER
	local host=${1//\\/\\\\}

	say "host='${host//\'/\\\'}' port=5432 user=cybertreaty dbname=cybertreaty"
}

# Ends the running child processes; CLUSTER last, since the service uses it.
stop_children() {
	local name pid signal

	for name in SERVICE CLUSTER; do
		pid=${!name:-}
		signal=INT
		[[ $name == CLUSTER ]] || signal=TERM
		if [[ -z $pid ]] || ! kill -"$signal" "$pid" 2>/dev/null; then
			continue
		fi
		# A signal to ./dev interrupts wait, so repeat it until the child has ended.
		while kill -0 "$pid" 2>/dev/null; do
			wait "$pid" || :
		done
	done
}

# Locks .local/ until this process ends.
lock_local() {
	make_local
	exec 9>>.local/lock
	flock -n 9 || return
	echo $$ >.local/lock
}
