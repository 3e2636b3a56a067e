#!/usr/bin/env bash
# Packs the bundle for Claude Desktop from an installed safetools: packaging/mcpb/build.sh OUTPUT.mcpb [PROGRAM]
# Needs the official packer, `mcpb` of the npm package @anthropic-ai/mcpb, on PATH or named in $MCPB.
set -euo pipefail

fail() {
  printf 'build.sh: %s\n' "$1" >&2
  exit 1
}

[ $# -ge 1 ] && [ $# -le 2 ] || fail "usage: packaging/mcpb/build.sh OUTPUT.mcpb [PROGRAM]"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
mcpb=${MCPB:-mcpb}
command -v "$mcpb" >/dev/null || fail "the packer is missing. Get it: npm install --global @anthropic-ai/mcpb@2.1.2"
program=$(command -v "${2:-safetools}") || fail "there is no ${2:-safetools}. Run ./install.sh first, or name the program."
# The program is a link into the folder that holds its library too.
folder=$(dirname "$(readlink -f "$program")")
[ -f "$folder/libe_sqlite3.so" ] || fail "$folder holds no libe_sqlite3.so; is it what ./install.sh installed?"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir "$stage/server"
cp "$folder/safetools" "$folder/libe_sqlite3.so" "$stage/server/"
cp "$here/manifest.json" "$here/../../LICENSE" "$stage/"
"$mcpb" validate "$stage/manifest.json"
"$mcpb" pack "$stage" "$1"
