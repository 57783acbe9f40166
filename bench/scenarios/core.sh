#!/usr/bin/env bash
# The protocol core in one process and one thread, against the raw operations of the same run. node-saml, measured beside
# it, is the package of the tests; without node.js it is left out.
set -euo pipefail
if command -v npm >/dev/null && [ ! -d tests/node/node_modules/@node-saml ]; then
  (cd tests/node && npm ci --no-fund --no-audit --loglevel=error) </dev/null
fi
exec dotnet run --configuration Release --project bench/Latchkey.Bench -- core "$@"
