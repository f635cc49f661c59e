#!/usr/bin/env bash
# For CI: what the container tests need, from Debian's packages, and a Docker that answers.
#   docker.sh install    docker.io, docker-compose, debootstrap, postgresql, openssl: those that are missing
#   docker.sh start FILE starts dockerd when none answers; its process id goes to FILE, its log beside it
#   docker.sh stop FILE  stops the one that start started
# Each says what it could not do and ends with 3: then what needs it is not run.
set -euo pipefail
cannot() { printf '%s\n' "$*"; exit 3; }

install_missing() {
  local missing=()
  command -v dockerd >/dev/null || missing+=(docker.io)
  command -v docker >/dev/null || missing+=(docker.io)
  command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 || missing+=(docker-compose)
  command -v debootstrap >/dev/null || missing+=(debootstrap)
  command -v openssl >/dev/null || missing+=(openssl)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  [ "${#missing[@]}" -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || cannot "${missing[*]} would have to be installed by root"
  command -v apt-get >/dev/null || cannot "no apt-get here to install ${missing[*]}"
  local log
  log=$(mktemp)
  # No service is to start by itself: dockerd is started below, PostgreSQL by the tests.
  if ! { apt-get update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log"
    rm -f "$log"
    cannot "could not install ${missing[*]}"
  fi
  rm -f "$log"
  printf 'installed: %s\n' "${missing[*]}"
}

start() {
  if docker info >/dev/null 2>&1; then printf 'a Docker answers already\n'; return; fi
  [ "$(id -u)" = 0 ] || cannot 'no Docker answers, and starting one needs root'
  # A session of its own: what stops a test run does not stop it in the middle.
  setsid dockerd >"$1.log" 2>&1 &
  printf '%s\n' "$!" >"$1"
  local end=$((SECONDS + 60))
  until docker info >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$end" ] || ! kill -0 "$(cat "$1")" 2>/dev/null; then
      tail -n 5 "$1.log"
      stop "$1"
      cannot 'dockerd does not start here'
    fi
    sleep 0.5
  done
  printf 'started dockerd\n'
}

stop() {
  [ -s "$1" ] || return 0
  local id
  id=$(cat "$1")
  rm -f "$1"
  kill "$id" 2>/dev/null || return 0
  local end=$((SECONDS + 30))
  while kill -0 "$id" 2>/dev/null && [ "$SECONDS" -lt "$end" ]; do sleep 0.2; done
}

case "${1:-}" in
  install) install_missing ;;
  start) start "${2:?say where its process id goes}" ;;
  stop) stop "${2:?say where its process id is}" ;;
  *) cannot 'say what: install, start FILE or stop FILE' ;;
esac
