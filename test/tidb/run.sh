#!/usr/bin/env bash
# Proves that the report runs on TiDB. Needs Go 1.23 or later, 6 GB of disk, and the Go module proxy; the first run builds TiDB's server from its Go modules,
# which takes 6 minutes on two cores, and keeps it in .work/tidb. Or name a server that is there: TIDB_SERVER=/path/to/tidb-server. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/../.."

# TiDB releases its server with no version that Go takes, so a commit stands for it: 25 November 2024, between 8.4 and 8.5.
commit=20241125141335-ec8b81b98edc
work="$PWD/.work/tidb"

if [[ -z ${TIDB_SERVER:-} ]]; then
  export TIDB_SERVER="$work/tidb-server"
  if [[ ! -x $TIDB_SERVER ]]; then
    command -v go >/dev/null || { echo "Install Go 1.23 or later, or set TIDB_SERVER to a tidb-server, then run this again." >&2 && exit 1; }
    echo "Building tidb-server" >&2
    rm -rf "$work" && mkdir -p "$work"
    cd "$work"
    printf 'module scratch\n\ngo 1.23\n' >go.mod
    folder_of() { go mod download -json "$1" | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).Dir'; }
    # Its go.mod looks for the parser, a module of its own, in a folder within.
    cp -r "$(folder_of "github.com/pingcap/tidb@v1.1.0-beta.0.$commit")" source
    chmod -R u+w source
    cp -r "$(folder_of "github.com/pingcap/tidb/pkg/parser@v0.0.0-$commit")" source/pkg/parser
    chmod -R u+w source
    cd source
    GOFLAGS=-mod=mod nice go build -o "$TIDB_SERVER" ./cmd/tidb-server
    cd ../../..
    rm -rf "$work/source"
  fi
fi

exec npx vitest run --project tidb "$@"
