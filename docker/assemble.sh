#!/usr/bin/env bash
# Makes the root folder of the image: assemble.sh PROGRAM FOLDER, in the build stage alone.
#
# It holds the program, the libraries that the dynamic linker finds for it, and what libc, libpq and
# OpenSSL read: users, name resolution, certificates. What a package gave keeps its copyright file.
set -euo pipefail
shopt -s inherit_errexit
program=$1 root=$2
here=$(dirname -- "$0")
documents=/usr/share/doc/cybertreaty
used=$(mktemp) # lines "PACKAGE FILE"

# The package that a file came from. Where /lib is a link to /usr/lib, dpkg may know it as either.
package_of() { # FILE
	local real
	real=$(readlink -f -- "$1")
	{ dpkg-query -S "$real" 2>/dev/null || dpkg-query -S "${real#/usr}"; } | sed -n '1s/: .*//p'
}

copy() { # FILE, to the same place, links followed
	mkdir -p "$root$(dirname -- "$1")"
	cp -L -- "$1" "$root$1"
	chmod u=rwX,go=rX "$root$1"
}

# The paths that the linker lists; the loader itself stands first on its line, without an arrow.
libraries() { # PROGRAM
	if ldd "$1" | grep 'not found' >&2; then
		return 1
	fi
	ldd "$1" | sed -nE 's/^.* => (\/[^ ]+) .*/\1/p; s/^[[:blank:]]+(\/[^ ]+) .*/\1/p'
}

mkdir -p "$root$documents"
install -D -m 755 -- "$program" "$root/usr/bin/cybertreaty"
strip "$root/usr/bin/cybertreaty"

for file in $(libraries "$program"); do
	copy "$file"
	echo "$(package_of "$file") $file" >>"$used"
done
# ca-certificates makes this file when it is installed, so dpkg does not list it.
copy /etc/ssl/certs/ca-certificates.crt
echo "ca-certificates /etc/ssl/certs/ca-certificates.crt" >>"$used"

cat >"$root/etc/passwd" <<'END'
cybertreaty:x:10001:10001:the service:/nonexistent:/usr/sbin/nologin
cybertreaty-owner:x:10002:10002:migrations and import:/nonexistent:/usr/sbin/nologin
END
cat >"$root/etc/group" <<'END'
cybertreaty:x:10001:
cybertreaty-owner:x:10002:
END
# Names of hosts: the file first, then the network.
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"

cp -R -- data "$root/data"
chmod -R u=rwX,go=rX "$root/data"
cp -- LICENSE "$root$documents/copyright"
cut -d' ' -f1 "$used" | sort -u | while IFS= read -r package; do
	copy "/usr/share/doc/${package%%:*}/copyright"
done
python3 "$here/sbom.py" "$VERSION" "$root" "$used" >"$root$documents/sbom.spdx.json"

# It must run with what is in the folder alone.
[[ $(chroot "$root" /usr/bin/cybertreaty --version) == "cybertreaty $VERSION" ]] || {
	echo "The program says $(chroot "$root" /usr/bin/cybertreaty --version), the build's VERSION is $VERSION." >&2
	exit 1
}
