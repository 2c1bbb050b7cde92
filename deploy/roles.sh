#!/bin/sh
# Run by the PostgreSQL image over a new data folder, or by the server's administrator: the role that migrates, the role that
# works, the database, and what only an administrator can take from both: large objects, which a dump stumbles over, and
# sessions that stop all others. It may be run again: it goes on where it was broken off.
set -eu
secrets=${SECRETS:-/run/secrets}
SALKKU_OWNER_PASSWORD=$(cat "$secrets/owner_password")
SALKKU_RUNTIME_PASSWORD=$(cat "$secrets/runtime_password")
export SALKKU_OWNER_PASSWORD SALKKU_RUNTIME_PASSWORD # by the environment: a command line can be read by everybody
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'END'
\getenv owner SALKKU_OWNER_PASSWORD
\getenv runtime SALKKU_RUNTIME_PASSWORD
SELECT format('CREATE ROLE %I', name) FROM unnest('{salkku_owner,salkku}'::text[]) AS name
    WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
ALTER ROLE salkku_owner LOGIN PASSWORD :'owner';
ALTER ROLE salkku LOGIN PASSWORD :'runtime';
SELECT 'CREATE DATABASE salkku OWNER salkku_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'salkku') \gexec
ALTER ROLE salkku SET idle_in_transaction_session_timeout = '30s';
\connect salkku
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea),
    lowrite(integer, bytea) FROM PUBLIC;
END
