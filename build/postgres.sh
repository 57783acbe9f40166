# Sourced by test.sh and bench/run.sh: a PostgreSQL cluster of our own, in a temporary folder, on a free port, gone when the
# script that asked for it ends. It syncs to disk as a real one does: the tests that kill the server rely on it.

# Starts the cluster and exports LATCHKEY_TEST_POSTGRES, an address whose user may create databases.
# An address that is set already is kept.
start_postgres() {
  [ -z "${LATCHKEY_TEST_POSTGRES:-}" ] || return 0
  local bin port attempt
  bin="$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)"
  bin="$(dirname "${bin:-$(command -v initdb)}")"
  postgres_folder="$(mktemp -d /tmp/latchkey-postgres.XXXXXX)"
  chmod 755 "$postgres_folder"
  # PostgreSQL refuses to run as root.
  postgres_as=()
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$postgres_folder"
    postgres_as=(runuser -u postgres --)
  fi
  postgres_bin="$bin"
  (cd / && "${postgres_as[@]}" "$bin/initdb" -D "$postgres_folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8) >"$postgres_folder/initdb.log" 2>&1 ||
    { cat "$postgres_folder/initdb.log" >&2; return 1; }
  for attempt in 1 2 3 4 5; do
    port="$(shuf -i 20000-32000 -n 1)"
    if (cd / && "${postgres_as[@]}" "$bin/pg_ctl" -D "$postgres_folder/data" -w -t 60 -l "$postgres_folder/log" \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=400 -c fsync=on" start) >/dev/null 2>&1 </dev/null; then
      export LATCHKEY_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
      return 0
    fi
  done
  echo "PostgreSQL did not start:" >&2
  cat "$postgres_folder/log" >&2
  return 1
}

stop_postgres() {
  [ -n "${postgres_folder:-}" ] || return 0
  (cd / && "${postgres_as[@]}" "$postgres_bin/pg_ctl" -D "$postgres_folder/data" -m immediate stop) >/dev/null 2>&1 || true
  rm -rf "$postgres_folder"
  postgres_folder=""
}
