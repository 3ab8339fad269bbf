# shellcheck shell=bash
# Programs whose packages would start a service on installation: unless installed already, their
# packages are unpacked in .local/tools, and the required libraries are installed.

# Prints the path of a program; empty if neither the system nor .local/tools has it.
tool() { # PROGRAM
	local place

	for place in "$(command -v -- "$1" || :)" /usr/sbin/"$1" .local/tools/usr/{bin,sbin}/"$1"; do
		if [[ $place && -x $place ]]; then
			readlink -f -- "$place"
			return
		fi
	done
}

# Uses the first of several packages that this release of Debian has.
need_tool() { # PACKAGES PROGRAM PURPOSE
	local package

	[[ -z $(tool "$2") ]] || return 0
	have apt-get || die "Please install one of the packages $1 and run ./dev again."
	make_local
	quietly .local/apt.log as_root apt-get update ||
		die "apt-get update failed; its output is above."
	package=$(known_package "$1")
	say "Missing $3: $2; unpacking it from the package $package"
	quietly .local/apt.log unpack_tool "$package" "$2" ||
		die "Could not unpack the program $2 from the package $package; the output is above."
	need_libraries "$package" "$2"
}

known_package() { # PACKAGES
	local package

	for package in $1; do
		[[ ! $(apt-cache show -- "$package" 2>/dev/null) ]] || break
	done
	say "$package"
}

unpack_tool() { # PACKAGE PROGRAM
	local folder
	folder=$(mktemp -d)

	# apt downloads as a separate user, which must be able to write there.
	chmod 755 "$folder"
	(
		cd "$folder"
		apt-get download "$1"
	) || return
	mkdir -p .local/tools
	dpkg-deb --fsys-tarfile "$folder/$1"_*.deb |
		tar -x -C .local/tools --wildcards "./usr/*bin/$2" || return
	dpkg-deb -f "$folder/$1"_*.deb Depends >".local/tools/$1.depends" || return
	rm -rf -- "$folder"
}

need_libraries() { # PACKAGE PROGRAM
	local libraries

	# A statically linked program needs none.
	ldd "$(tool "$2")" 2>/dev/null | grep -q 'not found' || return 0
	mapfile -t libraries < <(tr ',' '\n' <".local/tools/$1.depends" |
		sed -nE 's/^ *(lib[a-z0-9.+-]+).*/\1/p')
	install_packages "${libraries[@]}"
}
