# shellcheck shell=bash
# Building, formatting, cleaning.

PRESETS='dev clang asan tsan fuzz release'
REFERENCE=${REFERENCE:-ON}

is_preset() { [[ " $PRESETS " == *" $1 "* ]]; }

# True if CMake configured a folder in another place, from which it was moved or copied. CMake would
# refuse to use it.
is_from_elsewhere() { # FOLDER
	local cache=$1/CMakeCache.txt home

	[[ -e $cache ]] || return 1
	home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$cache")
	[[ ! $home -ef $ROOT ]]
}

# Builds targets (default: all) of a preset. Sets BIN to the program. Skips unit tests if their package
# group is missing, so that `run` does not need it.
build() { # PRESET [TARGET...]
	local preset=$1 folder=build/$1 options=("-DREFERENCE=$REFERENCE") quiet=()

	shift
	mkdir -p "$folder"
	exec 8>"$folder/.lock"
	if ! flock -n 8; then
		say "Waiting for another ./dev that is building $folder."
		flock 8
	fi
	if [[ $preset != release ]]; then
		is_present library cmocka && options+=(-DBUILD_TESTING=ON) || options+=(-DBUILD_TESTING=OFF)
	fi
	if is_from_elsewhere "$folder"; then
		options+=(--fresh)
	fi
	install_reference
	[[ -t 1 ]] || quiet=(--quiet)
	step "Building $folder"
	cmake --preset "$preset" --log-level=WARNING "${options[@]}" >/dev/null
	cmake --build "$folder" ${1:+--target "$@"} -- "${quiet[@]}"
	exec 8>&-
	# shellcheck disable=SC2034 # read by run.sh and test.sh
	BIN=$ROOT/$folder/cybertreaty
}

# The package groups that a preset needs.
groups_for() { # PRESET
	case $1 in
	clang) say build node unit lint ;;
	fuzz) say build node fuzz ;;
	release) say build node ;;
	*) say build node unit ;;
	esac
}

command_build() {
	local preset=${1:-dev}

	(($# < 2)) || die_usage "./dev build takes one preset: $PRESETS."
	is_preset "$preset" || die_usage "Unknown preset '$preset'. Presets: $PRESETS."
	# shellcheck disable=SC2046 # several words
	need $(groups_for "$preset")
	build "$preset"
	good "Built $BIN"
}

c_files() { git ls-files --cached --others --exclude-standard -- '*.c' '*.h'; }

command_format() {
	no_arguments format "$@"
	need format lint node
	install_node_modules
	c_files | xargs -r clang-format -i
	npm run --silent format
	good "Formatted."
}

command_clean() {
	local place

	no_arguments clean "$@"
	if [[ -d .local ]]; then
		exec 9>.local/lock
		flock -n 9 || die "./dev is running in this folder: stop it first."
		place=$(cluster_place)
		stop_left_cluster "$place"
		rm -rf -- "$place" "$(socket_folder "$place")"
	fi
	rm -rf build node_modules pages/reference/node_modules .local
	good "Removed build/, node_modules/ (two) and .local/."
}
