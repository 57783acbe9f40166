#!/usr/bin/env bash
# The pages with lists with a hundred of everything and with a thousand applications, ten thousand groups and a hundred
# thousand people, on each engine; none may take more than 1.3 times as long.
set -euo pipefail
exec bash bench/with-server.sh lists "$@"
