# shellcheck shell=bash
# ./dev test containers

# Brings up an engine where there is none; may be named by CYBERTREATY_TEST_ENGINE.
ENGINE=../shared/tools/container-engine

engine_answers() { docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; }

# Finds a Docker with Compose, else has the engine brought up, else says what is missing.
need_containers() {
	local engine=${CYBERTREATY_TEST_ENGINE:-$ENGINE} settings

	if ! engine_answers; then
		[[ -x $engine ]] ||
			die "The container tests need Docker with its Compose plugin ('docker info' and 'docker compose version' must work), or a program that brings one up, named in CYBERTREATY_TEST_ENGINE."
		step "Bringing up a container engine ($engine)"
		settings=$("$engine" up) || die "'$engine up' failed; its output is above."
		eval "$settings" # export DOCKER_HOST=...
		engine_answers || die "'$engine up' worked, but Docker still does not answer."
	fi
	# Podman behind Docker's interface has no BuildKit, and cannot pull one.
	if docker version --format '{{json .Server.Components}}' | grep -q Podman; then
		export DOCKER_BUILDKIT=0
	fi
}

# The tests take their own containers away; this is for when they are not let.
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
	[[ -n $passed ]] || die "The container tests did not say how many passed."
	RESULTS+=("$passed container tests")
}
