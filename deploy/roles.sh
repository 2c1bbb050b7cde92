#!/bin/sh
# Run once by the PostgreSQL image over a new data folder: the role that migrates, the role that works, the database, and
# what only an administrator can take from both: large objects, which a dump stumbles over, and sessions that stop all others.
set -eu
secrets=${SECRETS:-/run/secrets}
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner="$(cat "$secrets/owner_password")" --set runtime="$(cat "$secrets/runtime_password")" <<'END'
CREATE ROLE salkku_owner LOGIN PASSWORD :'owner';
CREATE ROLE salkku LOGIN PASSWORD :'runtime';
CREATE DATABASE salkku OWNER salkku_owner;
ALTER ROLE salkku SET idle_in_transaction_session_timeout = '30s';
\connect salkku
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea),
    lowrite(integer, bytea) FROM PUBLIC;
END
