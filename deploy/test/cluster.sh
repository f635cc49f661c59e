#!/usr/bin/env bash
# Starts compose.cluster.yaml, as it is or with the protocol server in EventStoreDB's place: PostgreSQL, two API nodes, two projectors.
# Imports the demo by one node and reads it at the other, kills a projector and an API node, makes every container anew, and finds
# everything again. Takes all of it down at the end, volumes too.
#   LIGGARE_IMAGE=… LIGGARE_IMAGE_POSTGRES=… LIGGARE_IMAGE_PROTOCOL_SERVER=… deploy/test/cluster.sh protocol-server
#   LIGGARE_IMAGE=… LIGGARE_IMAGE_POSTGRES=… deploy/test/cluster.sh eventstoredb
# shellcheck disable=SC2016  # what stands in single quotes is JavaScript
set -euo pipefail
work=$(mktemp -d)
project="liggare-cluster-$$"
# shellcheck source=deploy/test/checks.sh
. "$(dirname "$0")/checks.sh"
export LIGGARE_PUBLISH=127.0.0.1: LIGGARE_PUBLISH_SECOND=127.0.0.1: LIGGARE_SECRETS="$work/secrets"
# Fewer than the demo has: each line is some round trips here, with an fsync in each store.
export LIGGARE_CI_PEOPLE="${LIGGARE_CI_PEOPLE:-300}"
readonly ours=(api1 api2 projector1 projector2)
files=(-f "$root/deploy/compose.cluster.yaml")
case "${1:-}" in
  protocol-server) files+=(-f "$root/deploy/test/compose.protocol-server.yaml"); log=(esdb1) ;;
  eventstoredb) log=(esdb1 esdb2 esdb3) ;;
  *) die 'say with what: protocol-server or eventstoredb' ;;
esac
readonly files log all=("${log[@]}" postgres "${ours[@]}")

compose() { compose_program -p "$project" "${files[@]}" "$@"; }

finish() {
  local code=$?
  [ "$code" = 0 ] || compose logs --no-color --tail=60 || true
  compose down -v --remove-orphans --timeout 30 >"$work/down" 2>&1 || cat "$work/down"
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT

start() {
  compose up -d "${all[@]}" >"$work/up" 2>&1 || { cat "$work/up"; die 'the containers did not start'; }
  wait_healthy "${all[@]}"
  local service
  for service in api1 api2; do until_well 60 "$service is ready" is_ready "$service"; done
  say 'ready: api1 api2'
}
is_ready() { node_here -e 'fetch(process.argv[1]).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))' "$(url_of "$1")/readyz"; }

# The first start of one node made it, and no other did.
officer_token() {
  local service
  for service in api1 api2; do
    if docker exec "$(container_of "$service")" cat /data/token 2>/dev/null; then return; fi
  done
  die 'no node made an officer token'
}

# Reads by the officer are events too, so the views are never at the very end for long.
is_caught_up() {
  node_here -e '
    const headers = { authorization: `Bearer ${require("fs").readFileSync(process.argv[2], "utf8").trim()}` };
    fetch(`${process.argv[1]}/v1/status`, { headers }).then(async (reply) => {
      const { projector } = await reply.json();
      process.exit(projector.serving && projector.behindMs !== null && projector.behindMs < 1000 ? 0 : 1);
    }, () => process.exit(1));' "$(url_of api2)" "$work/officer.token"
}

kill_one() {
  docker kill --signal KILL "$(container_of "$1")" >/dev/null
  say "killed: $1"
}

"$root/deploy/secrets.sh" "$work/secrets" | sed 's/^/   /'
remember_listening
start
check_confined "${ours[@]}"
check_listening
(umask 077 && officer_token >"$work/officer.token")
import_demo "$(url_of api1)" "$work/officer.token"
until_well 60 'the views have come to the end of the log' is_caught_up
remember "$(url_of api1)" "$work/officer.token" "$work/by-api1"
remember "$(url_of api2)" "$work/officer.token" "$work/by-api2"
compare "$work/by-api1" "$work/by-api2"

kill_one projector1
kill_one api1
import_again "$(url_of api2)" "$work/officer.token"

compose stop >/dev/null 2>&1
compose rm -f >/dev/null 2>&1
say 'stopped, and every container is gone'
start
remember "$(url_of api2)" "$work/officer.token" "$work/after"
compare "$work/by-api1" "$work/after"
