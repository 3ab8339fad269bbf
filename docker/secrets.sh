#!/bin/sh
# Generates missing passwords and the database URLs that contain them, once, in a volume that the
# other services mount read-only. Each file is readable only by the user that needs it. To choose a
# password, write it into its file before the first start.
set -eu
umask 077
cd "${SECRETS:-/secrets}"
chmod 711 .

password() { # NAME: creates the file NAME_password if missing
	if ! [ -s "$1_password" ]; then
		head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$1_password.new"
		mv "$1_password.new" "$1_password"
		echo "Generated $1_password."
	fi
	# It becomes part of a URL without encoding.
	if ! grep -qxE '[A-Za-z0-9._~-]{16,}' "$1_password"; then
		echo "$1_password must be one line of at least 16 letters, digits and . _ ~ -" >&2
		exit 1
	fi
}

address() { # NAME UID: writes the file NAME_url, readable by that user
	printf 'postgresql://cybertreaty_%s:%s@db:5432/cybertreaty\n' "$1" "$(cat "$1_password")" >"$1_url.new"
	chmod 400 "$1_url.new"
	chown "$2:$2" "$1_url.new"
	mv -f "$1_url.new" "$1_url"
}

password superuser
password owner
password service
address owner 10002
address service 10001
