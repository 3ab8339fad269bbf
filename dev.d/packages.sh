# shellcheck shell=bash
# Packages: each command names the groups it needs. Programs that exist already, from any source, are
# used as they are.

# PACKAGE:KIND:NAME: a package, and the check whether it is needed.
declare -A PACKAGES=(
	[build]='gcc:program:gcc libc6-dev:header:stdio.h cmake:program:cmake ninja-build:program:ninja
		pkg-config:program:pkg-config libulfius-dev:library:libulfius
		libmicrohttpd-dev:library:libmicrohttpd libjansson-dev:library:jansson
		libpq-dev:library:libpq libssl-dev:library:libcrypto zlib1g-dev:library:zlib
		python3-yaml:python:yaml'
	[unit]='libcmocka-dev:library:cmocka'
	[postgresql]='postgresql:server:15'
	[client]='postgresql-client:program:psql'
	[ask]='curl:program:curl'
	[examples]='curl:program:curl jq:program:jq python3:program:python3'
	[node]='nodejs:node:18 npm:program:npm faketime:program:faketime'
	[browser]='chromium:program:chromium'
	[format]='clang-format:program:clang-format'
	[lint]='git:program:git clang:program:clang clang-tidy:program:clang-tidy
		shellcheck:program:shellcheck'
	[fuzz]='clang:program:clang libclang-rt-dev:fuzzer:clang'
	[bench]='nginx-light:program:nginx wrk:program:wrk util-linux:program:taskset'
)
declare -A PURPOSES=(
	[build]='to build the service'
	[unit]='to build the unit tests'
	[postgresql]='to run a private PostgreSQL'
	[client]='to talk to PostgreSQL'
	[fuzz]='to fuzz'
	[ask]='to query the service'
	[examples]='to run the examples of the documents'
	[node]='to compress the reference and run the API tests'
	[browser]='to test pages in a browser'
	[format]='to format C'
	[lint]='to check the sources'
	[bench]='to measure'
)

is_present() { # KIND NAME
	case $1 in
	program) have "$2" ;;
	fuzzer) echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | "$2" -fsanitize=fuzzer -x c -o /dev/null - ;;
	header) echo "#include <$2>" | gcc -E -x c - ;;
	library) pkg-config --exists "$2" ;;
	python) python3 -c "import $2" ;;
	server) [[ -n $(postgresql_programs "") ]] ;;
	node) node -e "process.exit(Number(process.versions.node.split('.')[0]) >= $2 ? 0 : 1)" ;;
	esac >/dev/null 2>&1
}

# The folder of the newest installed PostgreSQL server that is recent enough, or of the requested
# version; empty if there is none.
postgresql_programs() { # VERSION ('': the newest)
	local initdb folder found='' newest=14 version

	for initdb in /usr/lib/postgresql/*/bin/initdb "$(command -v initdb || :)"; do
		[[ -x $initdb ]] || continue
		folder=$(dirname -- "$(readlink -f -- "$initdb")")
		version=$("$initdb" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
		if [[ $1 && $version == "$1" ]] || [[ ! $1 && $version -gt $newest ]]; then
			newest=$version
			found=$folder
		fi
	done
	say "$found"
}

# Installs the missing packages of the groups.
need() { # GROUP...
	local group entry package kind name missing=() wanted=()

	for group; do
		missing=()
		for entry in ${PACKAGES[$group]}; do
			IFS=: read -r package kind name <<<"$entry"
			is_present "$kind" "$name" || missing+=("$package")
		done
		if ((${#missing[@]})); then
			say "Missing ${PURPOSES[$group]}: ${missing[*]}"
			wanted+=("${missing[@]}")
		fi
	done
	((${#wanted[@]} == 0)) || install_packages "${wanted[@]}"
}

install_packages() {
	have apt-get || die "Please install these packages and run ./dev again: $*"
	((EUID == 0)) || have sudo ||
		die "Neither root nor sudo is available: run this as root, then ./dev again: apt-get install --no-install-recommends $*"
	step "Installing with apt-get: $*"
	make_local
	quietly .local/apt.log as_root apt-get update ||
		die "apt-get update failed; its output is above."
	apt_install "$@" || die "apt-get could not install $*; its output is above."
}

# By default Debian's PostgreSQL package creates a cluster and its nginx package starts nginx. Both are
# prevented during this installation only; existing clusters and services are not touched.
apt_install() {
	local folder=/etc/postgresql-common/createcluster.d policy=/usr/sbin/policy-rc.d status=0
	local file=$folder/cybertreaty-dev.conf refused=''

	if [[ " $* " == *' postgresql '* ]]; then
		as_root mkdir -p "$folder"
		echo 'create_main_cluster = false' | as_root tee "$file" >/dev/null
	fi
	if [[ " $* " == *' nginx-light '* && ! -e $policy ]]; then
		refused=1
		printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
		as_root chmod 755 "$policy"
	fi
	quietly .local/apt.log as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends "$@" || status=$?
	[[ -z $refused ]] || as_root rm -f "$policy"
	if [[ -e $file ]]; then
		as_root rm -f "$file"
		as_root rmdir --ignore-fail-on-non-empty "$folder"
	fi
	return "$status"
}

# Runs npm ci in a folder, if the lock file or Node has changed since the last time.
npm_install() { # FOLDER WHAT
	local stamp=$1/node_modules/.stamp now

	now="$(node --version) $(sha256sum "$1/package-lock.json" | cut -d' ' -f1)"
	[[ -e $stamp && $(<"$stamp") == "$now" ]] && return
	step "Installing $2 (npm ci)"
	make_local
	quietly .local/npm.log npm ci --prefix "$1" --no-audit --no-fund ||
		die "npm ci failed; its output is above."
	echo "$now" >"$stamp"
}

install_node_modules() { npm_install . "the tools of the API tests"; }

# Swagger UI for /docs, unless REFERENCE is OFF.
install_reference() {
	[[ $REFERENCE == OFF ]] || npm_install pages/reference "Swagger UI"
}
