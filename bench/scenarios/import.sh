#!/usr/bin/env bash
# A hundred thousand people from a file, on each engine: rows a second, and the memory they need.
set -euo pipefail
exec bash bench/with-server.sh import "$@"
