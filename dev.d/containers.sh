# shellcheck shell=bash
# ./dev test containers

# Program that starts a container engine if there is none; CYBERTREATY_TEST_ENGINE overrides it.
ENGINE=../shared/tools/container-engine

engine_answers() { docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; }

# Finds Docker with Compose, else starts the engine, else reports what is missing.
need_containers() {
	local engine=${CYBERTREATY_TEST_ENGINE:-$ENGINE} settings

	if ! engine_answers; then
		[[ -x $engine ]] ||
			die "The container tests need Docker with its Compose plugin ('docker info' and 'docker compose version' must work), or a program that starts one, named by CYBERTREATY_TEST_ENGINE."
		step "Starting a container engine ($engine)"
		settings=$("$engine" up) || die "'$engine up' failed; its output is above."
		eval "$settings" # export DOCKER_HOST=...
		engine_answers || die "'$engine up' succeeded, but Docker still does not respond."
	fi
	# Podman with Docker's interface has no BuildKit and cannot pull it.
	if docker version --format '{{json .Server.Components}}' | grep -q Podman; then
		export DOCKER_BUILDKIT=0
	fi
}

# The tests remove their containers; this is for tests that were killed.
remove_project() { # PROJECT
	docker compose -p "$1" down --volumes --timeout 5 >/dev/null 2>&1 || :
}

test_containers() {
	local passed

	step "Container tests"
	export CYBERTREATY_TEST_PROJECT=cybertreaty-test-$$
	trap 'remove_project "$CYBERTREATY_TEST_PROJECT"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	npm run --silent test:containers | tee .local/containers.log ||
		die "Container tests failed; their output is above."
	passed=$(sed -nE 's/^.* pass ([0-9]+)$/\1/p' .local/containers.log | tail -n 1)
	[[ -n $passed ]] || die "The container tests did not report how many passed."
	RESULTS+=("$passed container tests")
}
