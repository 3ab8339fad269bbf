# shellcheck shell=bash
# ./dev fuzz

FUZZ_SECONDS=60 # total for all targets

fuzz_targets() {
	local file

	for file in tests/fuzz/*_fuzz.c; do
		file=${file##*/}
		say "${file%_fuzz.c}"
	done
}

# Runs one target for some seconds. New inputs remain in .local/fuzz/, and the next run starts from
# them; the seeds are in the tree.
fuzz_one() { # TARGET SECONDS
	local folder=.local/fuzz/$1 log=.local/fuzz/$1.log

	mkdir -p "$folder"
	if ! "build/fuzz/tests/fuzz/${1}_fuzz" -max_total_time="$2" -max_len=30000 -timeout=10 \
		-rss_limit_mb=2048 -artifact_prefix=".local/fuzz/$1-" \
		"$folder" "tests/fuzz/seeds/$1" >"$log" 2>&1; then
		tail -n 40 -- "$log" >&2
		die "The target $1 failed; its output is above and in $log, the failing input in .local/fuzz/."
	fi
	say "$1: $(sed -nE 's/^Done ([0-9]+) runs in ([0-9]+) second.*/\1 inputs in \2 s/p' "$log")"
}

command_fuzz() {
	local targets seconds=$FUZZ_SECONDS argument each
	targets=$(fuzz_targets)

	for argument; do
		if [[ $argument =~ ^[1-9][0-9]{0,5}$ ]]; then
			seconds=$argument
		elif grep -qxF -- "$argument" <<<"$(fuzz_targets)"; then
			targets=$argument
		else
			die_usage "Unknown argument './dev fuzz $argument'. Give seconds and one of these targets: $(fuzz_targets | paste -sd ' ')."
		fi
	done
	# shellcheck disable=SC2046 # several words
	need $(groups_for fuzz)
	make_local
	mkdir -p .local/fuzz
	build fuzz fuzzers
	each=$((seconds / $(wc -l <<<"$targets")))
	step "Fuzzing: ${each} s for each of $(paste -sd ' ' <<<"$targets")"
	for argument in $targets; do
		fuzz_one "$argument" "$((each > 0 ? each : 1))"
	done
	good "No failures found."
}
