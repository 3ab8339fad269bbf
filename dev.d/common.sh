# shellcheck shell=bash
# Messages, and functions shared by several commands.

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
	BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
	BOLD='' RED='' GREEN='' PLAIN=''
fi

say() { printf '%s\n' "$*"; }
step() { printf '%s==>%s %s\n' "$BOLD" "$PLAIN" "$*"; }
good() { printf '%s%s%s\n' "$GREEN" "$*" "$PLAIN"; }
complain() { printf '%s%s%s\n' "$RED" "$*" "$PLAIN" >&2; }

die() {
	complain "$@"
	exit 1
}

die_usage() {
	complain "$@"
	exit 2
}

no_arguments() { # COMMAND [ARGUMENT...]
	(($# == 1)) || die_usage "./dev $1 takes no arguments; unexpected: '$2'."
}

as_root() {
	if ((EUID == 0)); then
		"$@"
	else
		sudo "$@"
	fi
}

have() { command -v -- "$1" >/dev/null 2>&1; }

# .local/ contains files of this checkout on this host.
make_local() {
	mkdir -p .local
	[[ -w .local ]] ||
		die "$(id -un) cannot write to '.local', which $(stat -c %U .local) created. Run ./dev as that user, or let that user run ./dev clean."
}

# Runs a command and shows its output only if it fails.
quietly() { # LOG COMMAND...
	local log=$1

	shift
	if ! "$@" >"$log" 2>&1; then
		tail -n 40 -- "$log" >&2
		return 1
	fi
}
