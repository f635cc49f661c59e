#!/usr/bin/env bash
# Starts compose.yaml from an image that was built before, imports the demo into it over HTTP, makes its container anew on the same
# volumes and finds everything again. Takes all of it down at the end, volumes too.
#   LIGGARE_IMAGE=liggare deploy/test/embedded.sh
set -euo pipefail
work=$(mktemp -d)
project="liggare-embedded-$$"
# shellcheck source=deploy/test/checks.sh
. "$(dirname "$0")/checks.sh"
# A port that the system chooses, on loopback.
export LIGGARE_PUBLISH=127.0.0.1:

compose() { compose_program -p "$project" -f "$root/deploy/compose.yaml" "$@"; }

finish() {
  local code=$?
  [ "$code" = 0 ] || compose logs --no-color --tail=100 || true
  compose down -v --remove-orphans --timeout 30 >"$work/down" 2>&1 || cat "$work/down"
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT

start() {
  compose up -d >"$work/up" 2>&1 || { cat "$work/up"; die 'the containers did not start'; }
  wait_healthy liggare
}

stop_in_order() {
  local id code
  id=$(container_of liggare)
  compose stop >/dev/null 2>&1
  code=$(docker inspect -f '{{.State.ExitCode}}' "$id")
  [ "$code" = 0 ] || die "the server did not stop in order: exit code $code"
  say 'stopped in order'
}

remember_listening
start
check_confined liggare
check_listening
(umask 077 && docker exec "$(container_of liggare)" cat /data/token >"$work/officer.token")
import_demo "$(url_of liggare)" "$work/officer.token"
remember "$(url_of liggare)" "$work/officer.token" "$work/before"

stop_in_order
compose rm -f >/dev/null 2>&1
start
remember "$(url_of liggare)" "$work/officer.token" "$work/after"
compare "$work/before" "$work/after"
import_again "$(url_of liggare)" "$work/officer.token"
docker exec "$(container_of liggare)" liggare fsck --views | sed 's/^/   /'
stop_in_order
