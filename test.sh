#!/usr/bin/env bash
# Installs what the tests need, builds everything once and runs every test. The last line is `N passed, N failed, N skipped`.
#
#   ./test.sh                                  everything
#   ./test.sh --only Saml                      the test projects whose name contains "Saml"
#   ./test.sh --only Browser -- --filter-method '*keyboard*'
#                                              what follows -- goes to the test programs
#   ./test.sh --fuzz 60m [--seed N]            the protocol core with inputs made at random, for so long (s, m or h)
set -euo pipefail
cd "$(dirname "$0")"
LATCHKEY_ROOT="$PWD"
# shellcheck source=build/dotnet.sh
. build/dotnet.sh
# shellcheck source=build/postgres.sh
. build/postgres.sh

usage="Usage: ./test.sh [--only NAME] [-- ARGUMENTS] or ./test.sh --fuzz DURATION [--seed N]"
only="" fuzz="" seed=""
arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --only) only="${2:?--only needs a part of a project name}"; shift 2 ;;
    --fuzz) fuzz="${2:?--fuzz needs a duration, as in 30s, 60m or 2h}"; shift 2 ;;
    --seed) seed="${2:?--seed needs a number}"; shift 2 ;;
    --) shift; arguments=("$@"); break ;;
    *) echo "Unknown argument $1. $usage" >&2; exit 2 ;;
  esac
done

if [ -n "$seed" ]; then
  [ -n "$fuzz" ] || { echo "--seed goes with --fuzz. $usage" >&2; exit 2; }
  [[ "$seed" =~ ^[0-9]{1,9}$|^[12][0-9]{9}$ ]] || { echo "--seed needs a number, found $seed." >&2; exit 2; }
  export LATCHKEY_FUZZ_SEED="$seed"
fi
if [ -n "$fuzz" ]; then
  [[ "$fuzz" =~ ^([1-9][0-9]{0,5})([smh])$ ]] || { echo "--fuzz needs a duration, as in 30s, 60m or 2h; found $fuzz." >&2; exit 2; }
  case "${BASH_REMATCH[2]}" in
    s) unit=1 ;;
    m) unit=60 ;;
    h) unit=3600 ;;
  esac
  export LATCHKEY_FUZZ_SECONDS=$((BASH_REMATCH[1] * unit))
  only="Latchkey.Saml.Tests"
  arguments=(--filter-class '*.FuzzTests')
fi

logs="$(mktemp -d /tmp/latchkey-tests.XXXXXX)"
running=()
finish() {
  local pid
  # Each job is a process group of its own (set -m below), so servers and browsers it started go with it.
  for pid in "${running[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
  stop_postgres
  rm -rf "$logs"
}
trap finish EXIT
trap 'exit 130' INT TERM

step() { printf '\n== %s\n' "$1"; }

# ---- what the tests need

# Package names by the program that shows they are there. apache2-bin is the program without the system's web server.
wanted() {
  local missing=()
  if [ -n "$fuzz" ]; then
    command -v xmlsec1 >/dev/null || missing+=(xmlsec1)
    echo "${missing[*]}"
    return
  fi
  command -v chromium >/dev/null || command -v google-chrome >/dev/null || [ -n "${LATCHKEY_TEST_CHROMIUM:-}" ] || missing+=(chromium fonts-dejavu-core)
  command -v xmlsec1 >/dev/null || missing+=(xmlsec1)
  command -v openssl >/dev/null || missing+=(openssl)
  [ -x /usr/sbin/apache2 ] || missing+=(apache2-bin)
  [ -e /usr/lib/apache2/modules/mod_auth_mellon.so ] || missing+=(libapache2-mod-auth-mellon)
  [ -n "${LATCHKEY_TEST_POSTGRES:-}" ] || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  command -v curl >/dev/null || missing+=(curl ca-certificates)
  echo "${missing[*]}"
}

step "Preparing"
# shellcheck disable=SC2046 # a list of package names, meant to be split
install_packages $(wanted)
use_dotnet
# npm ci empties node_modules first, so it runs only when the lock file changed since the last time.
install_node_packages() {
  local folder
  for folder in tests/node build/assets; do
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then
      (cd "$folder" && npm ci --no-fund --no-audit --loglevel=error) </dev/null
      cp "$folder/package-lock.json" "$folder/node_modules/.installed"
    fi
  done
}

unformatted=0
if [ -n "$fuzz" ]; then
  step "Building"
  dotnet build tests/Latchkey.Saml.Tests -c Release -v quiet --nologo </dev/null
else
  install_node_packages
  dotnet tool restore --verbosity quiet </dev/null >"$logs/tools" 2>&1 || { cat "$logs/tools"; exit 1; }

  # A badly formatted file fails the run but does not keep the tests from telling what they know.
  step "Checking the format"
  dotnet csharpier check . </dev/null || unformatted=1

  step "Building"
  dotnet build Latchkey.slnx -c Release -v quiet --nologo </dev/null

  step "Starting PostgreSQL"
  start_postgres
fi

# ---- running

# Those with the most to do first (by their source, near enough), so that the last of them does not run on alone.
largest_first() {
  local project
  for project in tests/*/*.Tests.csproj; do
    printf '%d %s\n' "$(find "$(dirname "$project")" -name "*.cs" -not -path "*/obj/*" -exec cat {} + | wc -l)" "$(basename "$project" .csproj)"
  done | sort -rn | cut -d' ' -f2
}
projects=()
for name in $(largest_first); do
  [[ "$name" == *"$only"* ]] && projects+=("$name")
done
if [ ${#projects[@]} = 0 ]; then
  echo "No test project has \"$only\" in its name." >&2
  exit 2
fi

passed=0 failed=0 skipped=0 broken=0
# A fuzz run tells its seed also when all is well.
output=(--output "$([ -n "$fuzz" ] && echo Detailed || echo Normal)")

run_project() {
  local name="$1" started="$SECONDS" code=0
  dotnet "tests/$name/bin/Release/net10.0/$name.dll" --no-ansi --no-progress "${output[@]}" "${arguments[@]}" \
    </dev/null >"$logs/$name.log" 2>&1 || code=$?
  # What was tried, and from which seed.
  [ -z "$fuzz" ] || sed -n 's/^ *\([a-z0-9-]*: .*\(seed\|inputs\).*\)/  \1/p' "$logs/$name.log"
  echo "$code $((SECONDS - started))" >"$logs/$name.code"
}

# The number behind a label in the summary that a test program prints last.
counted() { sed -n "s/^ *$2: *\([0-9]*\).*/\1/p" "$logs/$1.log" | tail -n 1; }

report() {
  local name="$1" code seconds good bad left
  read -r code seconds <"$logs/$name.code"
  good="$(counted "$name" succeeded)" bad="$(counted "$name" failed)" left="$(counted "$name" skipped)"
  good="${good:-0}" bad="${bad:-0}" left="${left:-0}"
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
  printf '%-32s %4d passed, %d failed, %d skipped  (%d s)\n' "$name" "$good" "$bad" "$left" "$seconds"
  # 8: no test ran. That is a fault, unless a filter was given.
  if [ "$code" = 8 ] && [ ${#arguments[@]} -gt 0 ]; then
    return 0
  fi
  if [ "$code" != 0 ]; then
    printf '\n---- %s (exit code %d)\n' "$name" "$code"
    cat "$logs/$name.log"
    printf -- '----\n\n'
    # A program that broke without counting a failed test still fails the run.
    [ "$bad" -gt 0 ] || broken=$((broken + 1))
  fi
}

# Two projects side by side: while one waits for a browser or a disk, the other computes.
step "Testing"
set -m
lanes="${LATCHKEY_TEST_LANES:-2}"
name_of=()
for name in "${projects[@]}"; do
  if [ ${#running[@]} -ge "$lanes" ]; then
    wait -n -p ended "${running[@]}" || true
    report "${name_of[$ended]}"
    unset "running[$ended]"
  fi
  run_project "$name" &
  running[$!]=$! name_of[$!]="$name"
done
for pid in "${running[@]}"; do
  wait "$pid" || true
  report "${name_of[$pid]}"
done
running=()

if [ "$broken" -gt 0 ]; then
  printf '\n%d test project(s) ended without a result or ran no test.\n' "$broken"
fi
if [ "$unformatted" = 1 ]; then
  printf '\nFiles are not formatted; see above. Repair: dotnet csharpier format .\n'
fi
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ] && [ "$unformatted" = 0 ] && [ "$broken" = 0 ] && [ "$passed" -gt 0 ]
