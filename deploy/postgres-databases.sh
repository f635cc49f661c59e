#!/usr/bin/env bash
# Run once by PostgreSQL's image, when its directory is empty: a database each for vault and views, each with a user that owns it and
# has no business in the other. The projector is never told the vault's.
set -euo pipefail
for name in vault views; do
  psql -v ON_ERROR_STOP=1 --no-psqlrc -q -U "$POSTGRES_USER" -d postgres -v role="liggare_$name" <<SQL
\set password \`cat /run/secrets/$name.password\`
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
done
