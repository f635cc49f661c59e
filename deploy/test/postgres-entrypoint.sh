#!/usr/bin/env bash
# Starts PostgreSQL in the image that base-images.sh makes, by the variables of the official image that we use: POSTGRES_USER,
# POSTGRES_PASSWORD, POSTGRES_DB (each also as …_FILE), POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD, PGDATA, and the scripts in
# /docker-entrypoint-initdb.d at the first start. Any other command than postgres is run as it is.
set -euo pipefail

[ "${1:0:1}" != - ] || set -- postgres "$@"
[ "$1" = postgres ] || exec "$@"

if [ "$(id -u)" = 0 ]; then
  install -d -o postgres -g postgres -m 700 "$PGDATA"
  install -d -o postgres -g postgres -m 2775 /var/run/postgresql
  chown -R postgres:postgres "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi

# value_of NAME DEFAULT: of the variable, or of the file that NAME_FILE names.
value_of() {
  local file="${1}_FILE"
  if [ -n "${!1:-}" ]; then printf '%s' "${!1}"; elif [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "$2"; fi
}

run_scripts() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh) bash "$file" ;;
      *.sql) psql -v ON_ERROR_STOP=1 --no-psqlrc -U "$POSTGRES_USER" -d "$POSTGRES_DB" -f "$file" ;;
    esac
  done
}

initialise() {
  local password
  POSTGRES_USER=$(value_of POSTGRES_USER postgres)
  POSTGRES_DB=$(value_of POSTGRES_DB "$POSTGRES_USER")
  password=$(value_of POSTGRES_PASSWORD '')
  export POSTGRES_USER POSTGRES_DB
  if [ -z "$password" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    printf 'a database without a password is refused: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE\n' >&2
    exit 1
  fi
  # shellcheck disable=SC2086  # several arguments in one variable, as the official image has it
  initdb -D "$PGDATA" --username="$POSTGRES_USER" --auth-local=trust --auth-host=scram-sha-256 --pwfile=<(printf '%s\n' "$password") --encoding=UTF8 --locale=C.UTF-8 ${POSTGRES_INITDB_ARGS:-}
  printf 'host all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  # Nobody from outside is let in before the scripts have run.
  pg_ctl -D "$PGDATA" -w -o "-c listen_addresses=''" start
  [ "$POSTGRES_DB" = postgres ] || createdb -U "$POSTGRES_USER" --maintenance-db=postgres "$POSTGRES_DB"
  run_scripts
  pg_ctl -D "$PGDATA" -m fast -w stop
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

shopt -s nullglob
[ -s "$PGDATA/PG_VERSION" ] || initialise
exec "$@" -c listen_addresses='*'
