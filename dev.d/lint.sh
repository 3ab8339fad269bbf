# shellcheck shell=bash
# ./dev lint: runs all checks, then lists those that failed.

FORMATTERS='14 19' # the releases of clang-format that agree on this tree

FAILED=()
check() { # NAME FUNCTION
	step "$1"
	# In a subshell with -e, which `if` or `||` would disable.
	set +e
	(
		set -e
		"$2"
	)
	local status=$?
	set -e
	((status == 0)) || FAILED+=("$1")
}

check_format() {
	local release
	release=$(clang-format --version | grep -oE '[0-9]+' | head -n 1)

	if [[ " $FORMATTERS " != *" $release "* ]]; then
		say "Skipped: clang-format $release may differ from those of Debian 12 and 13 ($FORMATTERS)."
		return
	fi
	c_files | xargs -r clang-format --dry-run -Werror
}

check_clang() {
	build clang
}

check_tidy() {
	if [[ ! -e build/clang/compile_commands.json ]]; then
		say "clang-tidy needs the build with clang."
		return 1
	fi
	git ls-files -- 'src/*.c' | xargs -r -P "$(nproc)" -n 4 clang-tidy -p build/clang --quiet 2>.local/tidy.log ||
		{ grep -v 'warnings generated' .local/tidy.log >&2 || : && return 1; }
}

# The compiler whose -fanalyzer the list in tests/analyzer_allowed is about; others find other things.
ANALYZER=12

# FILE FUNCTION WARNING, a line each, of what -fanalyzer finds in a file.
analyze() { # FILE
	# shellcheck disable=SC2046 # several words
	gcc -fanalyzer -O0 -std=gnu17 -D_GNU_SOURCE -DCYBERTREATY_VERSION='""' -Isrc -Ibuild/clang/generated \
		$(pkg-config --cflags libpq) -fdiagnostics-plain-output -c -o /dev/null "$1" 2>&1 |
		awk '/: In function / { function_name = $4; gsub(/[^A-Za-z0-9_]/, "", function_name) }
			/ error: / { print "ERROR", $0 }
			/\[-Wanalyzer-/ { split($1, place, ":"); sub(/.*\[-W/, ""); sub(/\].*/, "")
				print place[1], function_name, $0 }'
}

check_analyzer() {
	local release found allowed
	release=$(gcc -dumpversion | cut -d. -f1)

	if [[ $release != "$ANALYZER" ]]; then
		say "Skipped: GCC $release may find other things than GCC $ANALYZER."
		return
	fi
	export -f analyze
	# shellcheck disable=SC2016 # expanded by the shell that xargs starts
	found=$(git ls-files -- 'src/*.c' | xargs -r -P "$(nproc)" -n 1 bash -c 'analyze "$1"' - | sort -u)
	allowed=$(sed -E '/^#|^$/d' tests/analyzer_allowed | sort -u)
	diff <(say "$allowed") <(say "$found") ||
		{ say "Lines with > are new; those with < are no longer found: remove them from tests/analyzer_allowed." && return 1; }
}

# Except dev.d/: ./dev sources its files, so they are checked with it.
bash_files() {
	git ls-files --cached --others --exclude-standard -- ':!dev.d' | while IFS= read -r file; do
		[[ -f $file ]] || continue
		if [[ $file == *.sh ]] || head -c 64 -- "$file" | grep -qE '^#!.*\b(ba)?sh\b'; then
			say "$file"
		fi
	done
}

check_shell() {
	bash_files | xargs -r shellcheck --external-sources --check-sourced
}

check_layers() {
	tests/layers
}

check_words() {
	tests/words
}

check_contract() {
	npm run --silent lint:contract
}

check_types() {
	npm run --silent lint:types
}

# No file contains trailing blanks, notes on unfinished work, or paths and host names of the developer's
# machine.
check_text() {
	local bad=0 hosts

	if git grep -nIE '[[:blank:]]+$' -- . ':!data' ':!LICENSE'; then
		say "These lines have trailing blanks."
		bad=1
	fi
	if git grep -nIE '\b(TO''DO|FIX''ME)\b' -- . ':!data' ':!package-lock.json'; then
		say "These lines note unfinished work."
		bad=1
	fi
	if git grep -nIE '/(home|Users)/[a-z]' -- . ':!data' ||
		git grep -nIF -e "$ROOT" -e "$HOME/" -- . ':!data'; then
		say "These lines name folders of a developer's machine."
		bad=1
	fi
	hosts=$(foreign_hosts)
	if [[ -n $hosts ]] && git grep -nIF -e "$hosts" -- .; then
		say "These lines name package mirrors of a developer's machine."
		bad=1
	fi
	return "$bad"
}

# The package mirrors of this machine except the public ones, one a line for git grep -F.
foreign_hosts() {
	{
		apt-get indextargets --format "\$(REPO_URI)" 2>/dev/null || :
		npm config get registry 2>/dev/null || :
	} | sed -nE 's#^[a-z+]+://([^/@]*@)?([^/:]+).*#\2#p' | sort -u |
		grep -vE '(^|\.)(debian\.org|npmjs\.org|localhost)$' || :
}

command_lint() {
	no_arguments lint "$@"
	need build unit node format lint
	install_node_modules
	make_local
	check "Format of the C files" check_format
	check "Build with clang, every warning an error" check_clang
	check "clang-tidy" check_tidy
	check "GCC's analyzer" check_analyzer
	check "Shell scripts" check_shell
	check "Layers" check_layers
	check "Words" check_words
	check "Contract" check_contract
	check "TypeScript" check_types
	check "Text" check_text
	if ((${#FAILED[@]})); then
		printf -v FAILED '%s; ' "${FAILED[@]}"
		die "Failed: ${FAILED%; }."
	fi
	good "Every check passed."
}
