#!/usr/bin/env bash
# The images that everything else is built on: their public name where it is here or can be pulled, else one made on this machine from
# Debian's packages and the Node that npm brought. Used by CI and by whoever has no image registry; production pulls or builds its own.
#
#   base-images.sh node      prints the name of an image with Node 24 and npm (for --build-arg BASE=)
#   base-images.sh postgres  prints the name of an image with PostgreSQL that takes the official image's variables
#
# LIGGARE_IMAGE_NODE and LIGGARE_IMAGE_POSTGRES name others than node:24-slim and postgres:15. What is made is named by a digest of what it
# is made of, so a second run only looks it up. Making one needs root and debootstrap. Mirror, key ring and npm are this machine's own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
say() { printf 'base-images: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

main() {
  case "${1:-}" in
    node) image_for "${LIGGARE_IMAGE_NODE:-node:24-slim}" node ;;
    postgres) image_for "${LIGGARE_IMAGE_POSTGRES:-postgres:15}" postgres ;;
    *) die 'say which: node or postgres' ;;
  esac
}

# image_for PUBLIC KIND
image_for() {
  if docker image inspect "$1" >/dev/null 2>&1 || timeout 600 docker pull -q "$1" >/dev/null 2>&1; then
    printf '%s\n' "$1"
    return
  fi
  local image
  image="liggare-base-$2:$(recipe "$2" | sha256sum | cut -c1-16)"
  if docker image inspect "$image" >/dev/null 2>&1; then
    say "$1 cannot be pulled; $image was made before"
  else
    say "$1 cannot be pulled; making $image from Debian packages"
    make_image "$2" "$image"
  fi
  printf '%s\n' "$image"
}

codename() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release; }
# The version is in the recipe, so that Debian's next fix makes a new image.
debian_version_of() { apt-cache policy "$1" | sed -n 's/^ *Candidate: //p'; }
postgres_package() { apt-cache depends postgresql | sed -n 's/^ *Depends: \(postgresql-[0-9]*\)$/\1/p' | head -n 1; }
node_program() {
  local found
  for found in "$root"/node_modules/node-linux-*/bin/node; do
    if [ -x "$found" ]; then printf '%s' "$found"; return; fi
  done
  die 'node_modules has no Node (hint: npm ci)'
}
npm_directory() { dirname "$(dirname "$(readlink -f "$(command -v npm)")")"; }

# All that decides what is in the image, as text.
recipe() {
  cat "$here/base-images.sh"
  codename
  if [ "$1" = postgres ]; then
    cat "$here/postgres-entrypoint.sh"
    debian_version_of "$(postgres_package)"
  else
    "$(node_program)" --version
    cat "$(npm_directory)/package.json" /etc/ssl/certs/ca-certificates.crt
  fi
}

make_image() {
  [ "$(id -u)" = 0 ] || die 'making an image from packages needs root'
  command -v debootstrap >/dev/null || die 'there is no debootstrap (hint: apt-get install debootstrap)'
  local work
  work=$(mktemp -d)
  # shellcheck disable=SC2064  # the directory of now, not of then
  trap "rm -rf '$work'" EXIT
  if [ "$1" = node ]; then
    bootstrap "$work" ca-certificates
    add_node "$work/root"
    import "$work/root" "$2" 'CMD ["node"]'
  else
    bootstrap "$work" "ca-certificates,$(postgres_package)"
    add_postgres "$work/root"
    import "$work/root" "$2" 'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["postgres"]' 'EXPOSE 5432' 'VOLUME /var/lib/postgresql/data' \
      'ENV PGDATA=/var/lib/postgresql/data' "ENV PATH=$(cd "$work/root" && printf '/%s' usr/lib/postgresql/*/bin):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  fi
}

# bootstrap WORK PACKAGES: a minimal Debian in WORK/root, from the mirror that this machine's apt uses.
bootstrap() {
  local mirror
  # shellcheck disable=SC2016  # apt's own variables
  mirror=$(apt-get indextargets --format '$(CODENAME) $(SITE)' 'Created-By: Packages' | sed -n "s/^$(codename) //p" | head -n 1)
  [ -n "$mirror" ] || die "apt knows no mirror of $(codename) (hint: apt-get update)"
  if ! debootstrap --variant=minbase --include="$2" "$(codename)" "$1/root" "$mirror" >"$1/log" 2>&1; then
    tail -n 20 "$1/log" "$1/root/debootstrap/debootstrap.log" >&2 || true
    die 'debootstrap failed'
  fi
  # Neither this machine's mirror nor what only a full system needs.
  rm -rf "$1/root"/var/cache/apt/* "$1/root"/var/lib/apt/lists/* "$1/root"/var/log/* "$1/root"/usr/share/{doc,man,locale,info} "$1/root"/etc/apt/sources.list
  rm -f "$1/root/etc/machine-id" "$1/root/etc/hostname" "$1/root/etc/resolv.conf"
}

# npm trusts the certificates that this machine trusts: behind a proxy of its own nothing else would reach the registry.
add_node() {
  local lib="$1/usr/local/lib/node_modules"
  mkdir -p "$lib" "$1/usr/local/etc"
  install -m 755 "$(node_program)" "$1/usr/local/bin/node"
  cp -rL "$(npm_directory)" "$lib/npm"
  rm -f "$lib/npm/npmrc"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$1/usr/local/bin/npx"
  cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/ca-certificates.crt"
  printf 'cafile=/etc/ssl/certs/ca-certificates.crt\n' >"$1/usr/local/etc/npmrc"
}

add_postgres() {
  rm -rf "$1/var/lib/postgresql" "$1/etc/postgresql"
  install -d -o "$(postgres_id "$1" 3)" -g "$(postgres_id "$1" 4)" -m 2775 "$1/var/run/postgresql" "$1/var/lib/postgresql" "$1/var/lib/postgresql/data"
  mkdir -p "$1/docker-entrypoint-initdb.d"
  install -m 755 "$here/postgres-entrypoint.sh" "$1/usr/local/bin/docker-entrypoint.sh"
}

postgres_id() { sed -n 's/^postgres://p' "$1/etc/passwd" | cut -d: -f"$(($2 - 1))"; }

# import ROOT IMAGE CHANGE…
import() {
  local tree=$1 image=$2 changes=()
  shift 2
  for change in "$@"; do changes+=(--change "$change"); done
  tar -C "$tree" --numeric-owner --exclude=./dev/* --exclude=./proc/* --exclude=./sys/* -c . | docker import "${changes[@]}" - "$image" >/dev/null
}

main "$@"
