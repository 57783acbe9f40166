#!/usr/bin/env bash
# Whole sign-ins over HTTP on loopback, the server as a process of its own on each engine, against the raw cryptography
# of the same run. Client and server share the machine's cores; the rows named cpu count the server's processor time alone.
set -euo pipefail
exec bash bench/with-server.sh http "$@"
