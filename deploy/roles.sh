#!/bin/sh
# Run once by the PostgreSQL image over a new data folder: the role that migrates, the role that works, the database.
set -eu
secrets=${SECRETS:-/run/secrets}
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner="$(cat "$secrets/owner_password")" --set runtime="$(cat "$secrets/runtime_password")" <<'END'
CREATE ROLE salkku_owner LOGIN PASSWORD :'owner';
CREATE ROLE salkku LOGIN PASSWORD :'runtime';
CREATE DATABASE salkku OWNER salkku_owner;
END
