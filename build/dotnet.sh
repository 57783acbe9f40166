# Sourced by run.sh, test.sh and bench/run.sh: makes `dotnet` the .NET 10 SDK that global.json asks for.
# An SDK that is installed already is used; otherwise Microsoft's install script puts one into ./.dotnet, which touches
# nothing else on the machine.

# Set before sourcing: the root of the repository.
: "${LATCHKEY_ROOT:?}"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# Build servers would outlive the script that started them.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

# True if the given dotnet can build here; global.json decides which SDK that is, so ask from inside the repository.
dotnet_fits() {
  (cd "$LATCHKEY_ROOT" && "$1" --version) >/dev/null 2>&1
}

# Runs a command as root: directly, or through sudo where that asks for nothing.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

# Installs Debian packages, once per run after one update of the lists. Names the packages if it may not.
install_packages() {
  [ $# -gt 0 ] || return 0
  echo "Installing $*"
  if [ -z "${packages_updated:-}" ]; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null || true
    packages_updated=1
  fi
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" >/dev/null; then
    echo "Please install these packages and start again: $*" >&2
    return 1
  fi
}

has_library() { { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep "$1" >/dev/null; }

# Installs the newest package whose name fits a pattern.
install_library() {
  as_root apt-get -qq update >/dev/null 2>&1 || true
  packages_updated=1
  local name
  name="$(apt-cache --names-only search "$1" 2>/dev/null | cut -d ' ' -f 1 | sort -V | tail -n 1)"
  if [ -z "$name" ]; then
    echo "No package matches $1; please install that library." >&2
    return 1
  fi
  install_packages "$name"
}

# Fetches an address into a file with whatever is there.
fetch() {
  if command -v curl >/dev/null; then
    curl -fsSL --retry 3 "$1" -o "$2"
  elif command -v wget >/dev/null; then
    wget -qO "$2" "$1"
  else
    install_packages curl ca-certificates && curl -fsSL --retry 3 "$1" -o "$2"
  fi
}

use_dotnet() {
  local sdk="$LATCHKEY_ROOT/.dotnet"
  if command -v dotnet >/dev/null && dotnet_fits dotnet; then
    return 0
  fi
  # The runtime needs ICU for texts and dates, and OpenSSL for everything signed; the names of the packages carry
  # version numbers. Without ICU it runs too, with English rules for texts and dates.
  if ! has_library libicuuc; then
    install_library '^libicu[0-9]+$' || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
  fi
  if ! has_library libssl; then
    install_library '^libssl[0-9]+(t64)?$' || return 1
  fi
  if ! dotnet_fits "$sdk/dotnet"; then
    echo "Installing the .NET 10 SDK into ./.dotnet"
    mkdir -p "$sdk"
    fetch https://dot.net/v1/dotnet-install.sh "$sdk/dotnet-install.sh"
    bash "$sdk/dotnet-install.sh" --channel 10.0 --install-dir "$sdk" --no-path >/dev/null
    if ! dotnet_fits "$sdk/dotnet"; then
      echo "The .NET SDK in ./.dotnet does not start. Remove that folder and try again." >&2
      return 1
    fi
  fi
  export DOTNET_ROOT="$sdk" PATH="$sdk:$PATH"
}
