#!/usr/bin/env bash
# Creates the root folder of the image: assemble.sh PROGRAM FOLDER; for the build stage only.
#
# It contains the program, the libraries that the dynamic linker finds for it, and the files that libc,
# libpq and OpenSSL read: users, name resolution, certificates. Copyright files of packages are included.
set -euo pipefail
shopt -s inherit_errexit
program=$1 root=$2
here=$(dirname -- "$0")
documents=/usr/share/doc/cybertreaty
used=$(mktemp) # lines "PACKAGE FILE"

# The package of a file. If /lib is a link to /usr/lib, dpkg may list the file under either path.
package_of() { # FILE
	local real
	real=$(readlink -f -- "$1")
	{ dpkg-query -S "$real" 2>/dev/null || dpkg-query -S "${real#/usr}"; } | sed -n '1s/: .*//p'
}

copy() { # FILE: to the same path, following links
	mkdir -p "$root$(dirname -- "$1")"
	cp -L -- "$1" "$root$1"
	chmod u=rwX,go=rX "$root$1"
}

# The paths that ldd lists; the loader itself has no arrow on its line.
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
# ca-certificates generates this file during installation, so dpkg does not list it.
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
# Host names: the hosts file first, then DNS.
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"

cp -R -- data "$root/data"
chmod -R u=rwX,go=rX "$root/data"
cp -- LICENSE "$root$documents/copyright"
cut -d' ' -f1 "$used" | sort -u | while IFS= read -r package; do
	copy "/usr/share/doc/${package%%:*}/copyright"
done
python3 "$here/sbom.py" "$VERSION" "$root" "$used" >"$root$documents/sbom.spdx.json"

# The program must run with only the files in the folder.
[[ $(chroot "$root" /usr/bin/cybertreaty --version) == "cybertreaty $VERSION" ]] || {
	echo "The program reports $(chroot "$root" /usr/bin/cybertreaty --version), but the build's VERSION is $VERSION." >&2
	exit 1
}
