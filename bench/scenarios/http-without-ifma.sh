#!/usr/bin/env bash
# The scenario http with OpenSSL told to leave AVX-512 IFMA alone (bit 21 of EBX of CPUID leaf 7; see OPENSSL_ia32cap(3)), as on
# the many processors that have none.
set -euo pipefail
export OPENSSL_ia32cap=":~0x200000"
exec bash bench/with-server.sh http-without-ifma "$@"
