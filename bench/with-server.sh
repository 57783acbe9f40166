#!/usr/bin/env bash
# For scenarios that need the built server and a PostgreSQL of their own: bench/with-server.sh SCENARIO ARGUMENTS
set -euo pipefail
# shellcheck source=build/postgres.sh
. build/postgres.sh
trap stop_postgres EXIT
start_postgres
dotnet build --configuration Release --verbosity quiet --nologo src/Latchkey.Server
dotnet run --configuration Release --project bench/Latchkey.Bench -- "$@"
