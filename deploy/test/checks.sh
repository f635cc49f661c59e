# shellcheck shell=bash disable=SC2016  # what stands in single quotes is JavaScript
# What the container tests have in common; sourced. They set work (a directory of their own) and project (compose's name for what they
# start), and call compose with their files.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root
: "${work:?}"
# Whose record the demo shows: test/demo/main-character.ts.
readonly person=1c9f6a50-3e2b-4d78-9a61-8f7e0b2d4c35

say() { printf '   %s\n' "$*"; }
die() { printf '   %s\n' "$*" >&2; exit 1; }
node_here() { if [ -x "$root/node_modules/.bin/node" ]; then "$root/node_modules/.bin/node" "$@"; else node "$@"; fi; }
liggare() { node_here "$root/dist/apps/cli/src/main.js" "$@"; }
# The classic Compose where it is, else the plugin: the files are for both.
compose_program() { if command -v docker-compose >/dev/null; then docker-compose "$@"; else docker compose "$@"; fi; }
container_of() { compose ps -q "$1"; }
url_of() { printf 'http://%s' "$(compose port "$1" 8420)"; }

# until SECONDS WHAT COMMAND…: waits until the command goes well.
until_well() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || die "$what: not within the time"
    sleep 0.5
  done
}

is_healthy() { [ "$(docker inspect -f '{{.State.Health.Status}}' "$(container_of "$1")")" = healthy ]; }
wait_healthy() {
  local service
  for service in "$@"; do until_well 120 "$service is healthy" is_healthy "$service"; done
  say "healthy: $*"
}

# Non-root, nothing to write but its volumes, no rights to gain, and one port.
check_confined() {
  local service id status
  for service in "$@"; do
    id=$(container_of "$service")
    [ "$(docker exec "$id" id -u)" = 10001 ] || die "$service does not run as its own user"
    status=$(docker exec "$id" cat /proc/1/status)
    grep -q '^CapEff:\s*0*$' <<<"$status" || die "$service has capabilities"
    grep -q '^NoNewPrivs:\s*1$' <<<"$status" || die "$service may gain rights"
    if docker exec "$id" sh -c 'echo x > /app/written' 2>/dev/null; then die "$service can write beside its volumes"; fi
    local others
    others=$(docker exec "$id" cat /proc/net/tcp /proc/net/tcp6 | beyond_loopback | grep -vE ':20E[45]$' || true)
    # 8420, and a projector's 8421.
    [ -z "$others" ] || die "$service listens on more than its port: $others"
  done
  say "user 10001, no capabilities, no new rights, read-only root, one port: $*"
}

# Of /proc/net/tcp's lines, the listening sockets (0A) that are not on loopback: 127/8, also mapped into IPv6, and ::1, as the kernel
# writes them.
beyond_loopback() { awk '$4 == "0A" { print $2 }' | { grep -vE '^((0{16}F{4}0{4})?[0-9A-F]{6}7F|0{24}01000000):' || true; } | sort -u; }
listening_here() { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | beyond_loopback; }
remember_listening() { listening_here >"$work/listening"; }
check_listening() {
  local more
  more=$(listening_here | comm -13 "$work/listening" -)
  [ -z "$more" ] || die "something listens beyond loopback that did not before: $more"
  say 'nothing new listens beyond loopback'
}

# import_demo URL OFFICER_TOKEN_FILE: the demo's files, each by its own system's token.
import_demo() {
  local url=$1 officer=$2 file system token
  node_here "$root/dist/test/demo/write.js" "$work/lines" --people "${LIGGARE_CI_PEOPLE:-2000}" >/dev/null
  for file in "$work"/lines/*.ndjson; do
    system=$(basename "$file" .ndjson | cut -d- -f2-)
    token="$work/$system.token"
    if [ "$system" = console ]; then
      token=$officer
    elif [ ! -s "$token" ]; then
      (umask 077 && liggare token create --name "demo $system" --role upstream --system "$system" --url "$url" --token-file "$officer" >"$token" 2>/dev/null)
    fi
    import_file "$url" "$token" "$file"
  done
}

# Refused lines (3) and blocked asks (5) are the demo's own; anything else is a fault. The summary's first counts go to the log.
import_file() {
  local code=0
  liggare import "$3" --url "$1" --token-file "$2" --json >"$work/summary" 2>"$work/progress" || code=$?
  [ "$code" = 0 ] || [ "$code" = 3 ] || [ "$code" = 5 ] || die "the import of $(basename "$3") ended with $code: $(tail -n 1 "$work/progress")"
  say "$(basename "$3"): $(node_here -e 'const { answered, recorded, duplicate, blocked, refused } = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log(`${answered} answered, ${recorded} recorded, ${duplicate} duplicate, ${blocked} blocked, ${refused} refused`)' "$work/summary")"
}

# Every line again, and nothing of it is new.
import_again() {
  import_demo "$@" | tee "$work/again"
  if grep -qv ', 0 recorded,' "$work/again"; then die 'a line that was sent again was recorded again'; fi
}

# remember URL TOKEN_FILE DIRECTORY: a person's record and trail, and how many lines each register has.
remember() {
  local url=$1 token=$2 to=$3 register
  mkdir -p "$to"
  liggare record "$person" --purpose internal-audit --json --url "$url" --token-file "$token" | node_here -e 'console.log(JSON.stringify(JSON.parse(require("fs").readFileSync(0)).record))' >"$to/record"
  liggare trail "$person" --purpose internal-audit --json --url "$url" --token-file "$token" >"$to/trail"
  for register in consents disclosures transfers sourcings recipient-register deviations; do
    printf '%s %s\n' "$register" "$(lines_of "$url/v1/$register" "$token")"
  done >"$to/counts"
}

lines_of() {
  node_here -e '
    const { readFileSync } = require("fs");
    const headers = { authorization: `Bearer ${readFileSync(process.argv[2], "utf8").trim()}`, accept: "text/csv", "liggare-purpose": "internal-audit" };
    fetch(process.argv[1], { headers }).then(async (reply) => {
      if (!reply.ok) throw new Error(`${process.argv[1]}: ${reply.status}`);
      console.log((await reply.text()).trimEnd().split("\n").length - 1);
    });' "$1" "$2"
}

# compare BEFORE AFTER: the trail has grown by the readings themselves, after all that stood there.
compare() {
  cmp "$1/record" "$2/record" || die 'the record is not what it was'
  cmp -n "$(stat -c %s "$1/trail")" "$1/trail" "$2/trail" || die 'the trail does not begin as it did'
  diff "$1/counts" "$2/counts" || die 'the registers do not have what they had'
  say "the same record and trail; registers: $(tr '\n' ',' <"$2/counts" | sed 's/,$//; s/,/, /g')"
}
