#!/usr/bin/env bash
# Builds Latchkey and starts it with a sample application beside it. Ctrl-C ends both. See ./run.sh --help.
set -euo pipefail
cd "$(dirname "$0")"
LATCHKEY_ROOT="$PWD"

usage() {
  cat <<'HELP'
Usage: ./run.sh [--empty] [--port PORT] [--sample-port PORT] [--data FOLDER]

Starts the identity provider on http://127.0.0.1:8080 and a sample application on http://127.0.0.1:8081 that is
already connected to it. The first start creates a demo organisation and prints its passwords once. What you change is
kept in ./data; remove that folder to begin again.

  --empty              no demo organisation and no sample application; the first visit asks for the setup code
  --port PORT          port of the identity provider (8080)
  --sample-port PORT   port of the sample application (8081); the first start remembers it
  --data FOLDER        where the database and the keys are kept (./data)

Needed: bash, and curl or wget if the .NET 10 SDK has to be installed (into ./.dotnet, nothing else is touched).
HELP
}

fail() { echo "$*" >&2; exit 1; }

demo=1 port=8080 sample_port=8081 data="$LATCHKEY_ROOT/data"
while [ $# -gt 0 ]; do
  case "$1" in
    --empty) demo=0; shift ;;
    --port) port="${2:?--port needs a number}"; shift 2 ;;
    --sample-port) sample_port="${2:?--sample-port needs a number}"; shift 2 ;;
    --data) data="$(realpath -m "${2:?--data needs a folder}")"; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) echo "Unknown argument: $1" >&2; usage >&2; exit 2 ;;
  esac
done

is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

require_free() {
  if is_open "$1"; then
    fail "Port $1 is taken by another program. End it, or choose another port with $2."
  fi
}

require_free "$port" --port
[ "$demo" = 0 ] || require_free "$sample_port" --sample-port

# shellcheck source=build/dotnet.sh
. build/dotnet.sh
use_dotnet

# Quiet unless it fails; dotnet build prints a summary whatever it is told.
build() {
  local output
  output="$(dotnet build "$1" --configuration Release --nologo --verbosity quiet 2>&1)" ||
    fail "$output"$'\n'"The build failed; its errors are above."
}

echo "Building; the first time takes some minutes ..."
build src/Latchkey.Server
[ "$demo" = 0 ] || build samples/Latchkey.Sample

# Each program gets a process group of its own, so that Ctrl-C reaches this script alone and it ends them in order.
set -m
running=()
finish() {
  trap - EXIT
  trap '' INT TERM HUP
  local pid
  for pid in "${running[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
  for _ in $(seq 100); do
    for pid in "${running[@]}"; do
      if kill -0 "$pid" 2>/dev/null; then sleep 0.1; continue 2; fi
    done
    break
  done
  for pid in "${running[@]}"; do kill -KILL -- "-$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap finish EXIT
trap 'echo; echo "Ending."; exit 0' INT TERM HUP

start() {
  env Logging__LogLevel__Default=Warning "Logging__LogLevel__Microsoft.Hosting.Lifetime=Warning" \
    "Logging__LogLevel__Latchkey.Server.Mail.FolderMail=Information" "$@" </dev/null &
  running+=("$!")
}

# Waits until an address answers 200, as long as what was started is alive.
wait_for() {
  local what="$1" port="$2" path="$3" pid="${running[-1]}"
  for _ in $(seq 600); do
    if answers "$port" "$path"; then return 0; fi
    kill -0 "$pid" 2>/dev/null || fail "$what did not start; the reason is above."
    sleep 0.1
  done
  fail "$what does not answer on port $port."
}

answers() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
    printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$2" "$1" >&3
    IFS= read -r -t 5 line <&3 && [[ $line == *" 200"* ]]
  ) 2>/dev/null
}

first=1
[ ! -e "$data" ] || first=0
mkdir -p "$data"
chmod 700 "$data"
address="http://127.0.0.1:$port" sample_address="http://127.0.0.1:$sample_port"

echo
demo_settings=()
[ "$demo" = 0 ] || demo_settings=(LATCHKEY_DEMO=1 "LATCHKEY_DEMO_APPLICATION=$sample_address")
# Mails become files, unless a mail server is named; the log says which.
[ -n "${LATCHKEY_SMTP:-}${LATCHKEY_SMTP_FILE:-}" ] || demo_settings+=(LATCHKEY_MAIL_FOLDER="$data/mail")
start LATCHKEY_DATA="$data" LATCHKEY_PUBLIC_URL="$address" "${demo_settings[@]}" \
  dotnet src/Latchkey.Server/bin/Release/net10.0/Latchkey.Server.dll
wait_for "The identity provider" "$port" /healthz/ready

if [ "$demo" = 1 ]; then
  # The first start of the demo organisation made it; with it the sample takes part in single logout.
  sample_key=()
  [ ! -e "$data/sample-application.pem" ] ||
    sample_key=(--Authentication:Schemes:Saml2:SigningKeyFile "$data/sample-application.pem")
  start dotnet samples/Latchkey.Sample/bin/Release/net10.0/Latchkey.Sample.dll \
    --urls "$sample_address" \
    --Authentication:Schemes:Saml2:IdpMetadata "$address/saml2/sample/metadata" "${sample_key[@]}"
  wait_for "The sample application" "$sample_port" /
fi

echo
echo "Identity provider    $address   (administration: $address/admin)"
if [ "$demo" = 1 ]; then
  echo "Sample application   $sample_address"
  echo
  if [ "$first" = 1 ]; then
    echo "Next: open $sample_address, press \"Sign in\", and sign in as ada with the password above."
  else
    echo "Next: open $sample_address and press \"Sign in\". The first start printed the passwords."
  fi
else
  echo
  echo "Next: open $address/admin. The first visit asks for the setup code."
fi
[ -n "${LATCHKEY_SMTP:-}${LATCHKEY_SMTP_FILE:-}" ] ||
  echo "Mail is not sent but written to $data/mail, one file each, and named here."
echo "Ctrl-C ends it; everything is kept in $data."

# Ends when one of them does, or with Ctrl-C.
wait -n "${running[@]}" || true
fail "One of the programs ended by itself; its reason is above."
