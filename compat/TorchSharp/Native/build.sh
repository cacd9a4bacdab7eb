#!/usr/bin/env bash
# Compiles shim.cpp against Debian's libtorch into the folder given, and installs what that takes where it may.
# Ends with one line that says what is missing where it cannot.
set -uo pipefail
exec >&2
source_file="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/shim.cpp"
library="$1/libtorchdoor.so"
packages="libtorch-dev libopenblas0-openmp g++"
headers=/usr/include/torch/csrc/api/include

[[ -f $library && ! $source_file -nt $library ]] && exit 0

# libtorch takes the first libblas it meets; the one for OpenMP shares its threads instead of fighting with them.
blas() { compgen -G '/usr/lib/*-linux-gnu/openblas-openmp' | head -n 1; }
complete() { [[ -d $headers && -n $(blas) ]] && command -v g++ > /dev/null; }

if ! complete; then
  if [[ $(id -u) -ne 0 ]] || ! command -v apt-get > /dev/null; then
    echo "libtorch, OpenBLAS or g++ is missing: apt-get install -y $packages"
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
fi

echo "Compiling $(basename "$library") ..."
mkdir -p "$1"
# Through another name: a build that is stopped must not leave half a library.
if g++ -std=c++17 -O2 -fPIC -shared -fvisibility=hidden "-I$headers" "$source_file" -o "$library.partial" \
  -Wl,--no-as-needed "-L$(blas)" "-Wl,-rpath,$(blas)" -Wl,--disable-new-dtags \
  -l:libblas.so.3 -ltorch -ltorch_cpu -lc10; then
  mv "$library.partial" "$library"
else
  echo "compiling $source_file failed"
  exit 1
fi
