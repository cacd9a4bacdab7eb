#!/usr/bin/env bash
# Installs Debian's decoders of PNG and JPEG where it may. Ends with one line that says what is missing where it cannot.
set -uo pipefail
exec >&2
packages="libpng16-16 libturbojpeg0"

complete() {
  local known
  known=$(ldconfig -p)
  [[ $known == *libpng16.so.16* && $known == *libturbojpeg.so.0* ]]
}

complete && exit 0
if [[ $(id -u) -ne 0 ]] || ! command -v apt-get > /dev/null; then
  echo "libpng or libjpeg-turbo is missing: apt-get install -y $packages"
  exit 1
fi
echo "Installing $packages ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -q > /dev/null 2>&1
# shellcheck disable=SC2086
if ! apt-get install -y -q --no-install-recommends $packages > /dev/null 2>&1 || ! complete; then
  echo "installing failed: apt-get install -y $packages"
  exit 1
fi
