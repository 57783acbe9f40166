#!/usr/bin/env bash
# Runs one scenario of measurements: bench/run.sh SCENARIO [--quick] [--engine sqlite|postgresql] [--json FILE]
# A scenario is a script in bench/scenarios/; it prints a table and, with --json, writes its rows to FILE.
set -euo pipefail
cd "$(dirname "$0")/.."
LATCHKEY_ROOT="$PWD"
# shellcheck source=build/dotnet.sh
. build/dotnet.sh

scenarios() { for script in bench/scenarios/*.sh; do basename "$script" .sh; done; }

if [[ $# -eq 0 ]]; then
  echo "Usage: bench/run.sh SCENARIO [--quick] [--engine sqlite|postgresql] [--json FILE]" >&2
  echo "Scenarios: $(scenarios | paste -sd' ')" >&2
  exit 2
fi

scenario=$1
shift
script="bench/scenarios/$scenario.sh"
if [[ ! $scenario =~ ^[a-z-]+$ || ! -f $script ]]; then
  echo "There is no scenario '$scenario'. Scenarios: $(scenarios | paste -sd' ')" >&2
  exit 2
fi

# Paths given on the command line are relative to where the caller stands.
arguments=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --quick) arguments+=(--quick) ;;
    --engine)
      [[ $# -ge 2 && $2 =~ ^(sqlite|postgresql)$ ]] || { echo "--engine needs sqlite or postgresql." >&2; exit 2; }
      arguments+=(--engine "$2")
      shift
      ;;
    --json)
      [[ $# -ge 2 ]] || { echo "--json needs a file name." >&2; exit 2; }
      file=$2
      [[ $file == /* ]] || file="$OLDPWD/$file"
      arguments+=(--json "$file")
      shift
      ;;
    *) echo "Unknown option '$1'." >&2; exit 2 ;;
  esac
  shift
done
use_dotnet
exec bash "$script" "${arguments[@]}"
