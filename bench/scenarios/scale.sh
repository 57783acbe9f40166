#!/usr/bin/env bash
# The same work with a handful of people in the directory and with very many, on each engine.
set -euo pipefail
exec bash bench/with-server.sh scale "$@"
