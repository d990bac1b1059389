#!/usr/bin/env bash
# Installs those of these packages of Debian that are missing, where that is possible, and asks for them where not.
set -euo pipefail

is_there() {
  case $1 in
    mariadb-server) command -v mariadbd || [[ -x /usr/sbin/mariadbd ]] ;;
    python3-venv) python3 -c 'import ensurepip' ;;
    *) command -v "$1" ;;
  esac &>/dev/null
}

missing=()
for package in "$@"; do is_there "$package" || missing+=("$package"); done
if [[ ${#missing[@]} -eq 0 ]]; then exit; fi

if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
  echo "Install ${missing[*]} (on Debian: apt-get install ${missing[*]}), then run this again." >&2
  exit 1
fi
echo "Installing ${missing[*]}" >&2
# Debian starts the server of a package that it installs, unless this file refuses.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
