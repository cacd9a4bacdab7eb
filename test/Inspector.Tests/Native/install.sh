#!/usr/bin/env bash
# Installs Debian's Chromium where it may. Ends with one line that says what is missing where it cannot.
set -uo pipefail
exec >&2
package="chromium"

complete() {
  [[ -x ${CHROMIUM_PATH:-/usr/bin/chromium} ]]
}

complete && exit 0
if [[ $(id -u) -ne 0 ]] || ! command -v apt-get > /dev/null; then
  echo "chromium is missing: apt-get install -y $package"
  exit 1
fi
echo "Installing $package ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -q > /dev/null 2>&1
if ! apt-get install -y -q --no-install-recommends "$package" > /dev/null 2>&1 || ! complete; then
  echo "installing failed: apt-get install -y $package"
  exit 1
fi
