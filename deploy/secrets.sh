#!/usr/bin/env bash
# Makes what compose.cluster.yaml reads from LIGGARE_SECRETS: a certificate authority, certificates for the three EventStoreDB nodes and
# PostgreSQL, passwords, and the addresses that hold them. Needs openssl. What is there already is kept; runbooks/certificates.md renews.
#
#   deploy/secrets.sh [DIRECTORY]                default: deploy/secrets
#   deploy/secrets.sh --certificates DIRECTORY   new node certificates by the authority that is there; passwords stay
#
# The directory is its owner's alone; the files in it can be read by whom they are mounted to, whatever user that runs as. Take ca/ca.key
# out of it when all is made: nothing that runs needs it.
set -euo pipefail
umask 022

renew=no
if [ "${1:-}" = --certificates ]; then renew=yes; shift; fi
directory=${1:-$(cd "$(dirname "$0")" && pwd)/secrets}
mkdir -p "$directory"
chmod 700 "$directory"
cd "$directory"

# One year for nodes, five for the authority: what es-gencert-cli gives.
readonly node_days=365 authority_days=1825

authority() {
  [ ! -s ca/ca.crt ] || return 0
  mkdir -p ca
  openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days "$authority_days" -keyout ca/ca.key -out ca/ca.crt -subj '/O=Liggare/CN=Liggare cluster CA' \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' 2>/dev/null
  chmod 600 ca/ca.key
}

# certificate DIRECTORY COMMON_NAME NAMES: key and certificate, for server and client, replaced together or not at all.
certificate() {
  [ ! -s "$1/node.crt" ] || [ "$renew" = yes ] || return 0
  [ -s ca/ca.key ] || { printf 'secrets: ca/ca.key is not in %s: put it back while certificates are made\n' "$directory" >&2; exit 1; }
  local new
  new=$(mktemp -d)
  openssl req -newkey rsa:3072 -nodes -sha256 -keyout "$new/node.key" -out "$new/node.csr" -subj "/CN=$2" 2>/dev/null
  openssl x509 -req -in "$new/node.csr" -CA ca/ca.crt -CAkey ca/ca.key -set_serial "0x$(openssl rand -hex 16)" -sha256 -days "$node_days" -out "$new/node.crt" \
    -extfile <(printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=%s\n' "$3") 2>/dev/null
  mkdir -p "$1/ca"
  cp ca/ca.crt "$1/ca/ca.crt"
  chmod 644 "$new/node.key" "$new/node.crt"
  mv "$new/node.key" "$new/node.crt" "$1/"
  rm -rf "$new"
}

# Letters and digits only: they stand in addresses.
password() { [ -s "$1" ] || openssl rand -hex 24 >"$1"; }
address() { [ -s "$1" ] || printf '%s\n' "$2" >"$1"; }

authority
# EventStoreDB's nodes know each other by a common name that all of them have.
for node in esdb1 esdb2 esdb3; do certificate "$node" eventstoredb-node "DNS:$node,DNS:esdb,DNS:localhost,IP:127.0.0.1"; done
certificate postgres postgres 'DNS:postgres,DNS:localhost,IP:127.0.0.1'

for name in esdb-admin esdb-ops postgres vault views; do password "$name.password"; done
# The server takes its first passwords from the environment and from nowhere else.
address esdb.env "EVENTSTORE_DEFAULT_ADMIN_PASSWORD=$(cat esdb-admin.password)
EVENTSTORE_DEFAULT_OPS_PASSWORD=$(cat esdb-ops.password)"
address log.url "esdb+discover://admin:$(cat esdb-admin.password)@esdb:2113?tls=true&tlsCaFile=/run/secrets/ca.crt"
address vault.url "postgres://liggare_vault:$(cat vault.password)@postgres:5432/liggare_vault?sslmode=verify-full&sslrootcert=/run/secrets/ca.crt"
address views.url "postgres://liggare_views:$(cat views.password)@postgres:5432/liggare_views?sslmode=verify-full&sslrootcert=/run/secrets/ca.crt"
printf 'secrets: in %s; certificates until %s\n' "$directory" "$(openssl x509 -in esdb1/node.crt -noout -enddate | cut -d= -f2)"
