#!/usr/bin/env bash
# Takes the native ONNX Runtime for the CPU out of the npm package onnxruntime-node, once, into the folder given.
# Nothing of the package is run; a package with another hash than the one below is refused.
set -uo pipefail
exec >&2
library="$1/libonnxruntime.so"
package="onnxruntime-node@1.30.0"
hash="b7086cd42d82fc1164cf5c9ce4e634288536194aba0d444eee10f86f1e50d90cb79c0309c115d6f31537355733136f5503d96894b3987a9a03f1f8d318e7c8ab"

[[ -f $library ]] && exit 0
if [[ $(uname -m) != x86_64 ]]; then
  echo "onnxruntime-node is taken for x64 only. This machine is $(uname -m)."
  exit 1
fi
if ! command -v npm > /dev/null; then
  echo "npm is missing, and with it the native ONNX Runtime: install Node.js with npm"
  exit 1
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "Fetching $package for its native library ..."
if ! (cd "$folder" && npm pack "$package" --ignore-scripts --silent > /dev/null 2>&1); then
  echo "npm cannot fetch $package"
  exit 1
fi
archive=$(find "$folder" -name '*.tgz' | head -n 1)
if ! echo "$hash  $archive" | sha512sum --check --status; then
  echo "$package is not the file that is expected here: its hash differs"
  exit 1
fi

inside=$(tar -tzf "$archive" | grep -E '/linux/x64/libonnxruntime\.so\.1$')
# Through another name: a copy that is stopped must not leave half a library.
mkdir -p "$1"
if [[ -n $inside ]] && tar -xzf "$archive" -O "$inside" > "$library.partial"; then
  mv "$library.partial" "$library"
  echo "Took $inside out of $package."
else
  echo "$package holds no libonnxruntime.so.1 for linux x64"
  exit 1
fi
