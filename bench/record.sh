#!/usr/bin/env bash
# Records measurements: bench/record.sh [SCENARIO…], without names all of them, on a machine that does nothing else.
# Writes bench/results/SCENARIO.json and, from all that is there, bench/results/BENCH.md.
set -euo pipefail
cd "$(dirname "$0")/.."
LATCHKEY_ROOT="$PWD"
# shellcheck source=build/dotnet.sh
. build/dotnet.sh
use_dotnet

[ $# -gt 0 ] || set -- core http http-without-ifma scale import lists
for scenario in "$@"; do
  bash bench/run.sh "$scenario" --json "$PWD/bench/results/$scenario.json"
done
dotnet run --configuration Release --project bench/Latchkey.Bench -- report bench/results
