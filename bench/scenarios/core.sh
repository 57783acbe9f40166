#!/usr/bin/env bash
# The protocol core in one process and one thread, against the raw RSA operations of the same run.
set -euo pipefail
exec dotnet run --configuration Release --project bench/Latchkey.Bench -- core "$@"
