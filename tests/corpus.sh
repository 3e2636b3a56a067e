#!/usr/bin/env bash
# Sends every statement of a corpus to the tool `query_shop` of the published server, against real PostgreSQL clusters that it starts itself, under five
# credentials, and watches from outside what happens. Prints failures, a table for each credential of what stopped what, and last `N passed, N failed`,
# where each entry counts once for each credential. Exits 0 only when something ran and nothing failed.
#
#   tests/corpus.sh FILE [--only REGEX] [--credential hardened|standby|select-only|owner|superuser]
#   tests/corpus.sh FILE --layers [--only REGEX] [--credential NAME]
#                                      takes each of the provider's five layers away in turn, under the credentials where that says most (Removing/Removal.cs),
#                                      and expects that the others still let nothing happen
#   tests/corpus.sh --self-test        tries the observers alone: known effects must be noticed, harmless reads must not
#
# SAFETOOLS_PROGRAM names a program that is there already; else it is built and published as ./install.sh does, which takes minutes.
# Ports 46440, 46441 and 46998 must be free, because statements name them; so a second run waits for the first.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

stop() {
  [ $# -eq 0 ] || echo "$*" >&2
  echo "0 passed, 1 failed"
  exit 1
}

[ $# -gt 0 ] || stop "usage: tests/corpus.sh FILE [--layers] [--only REGEX] [--credential NAME] | --self-test"
. "$root/tests/needs.sh"
need dotnet setpriv flock "$postgres" || stop

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build "$root/tests/SafeTools.Corpus" -c Release --nologo -v quiet >&2 || stop "The runner could not be built."
program=()
if [[ " $* " != *" --self-test "* && " $* " != *" --layers "* ]]; then
  if [ -z "${SAFETOOLS_PROGRAM:-}" ]; then
    "$root/install.sh" --prefix "$work" >&2 || stop "The server could not be built."
    SAFETOOLS_PROGRAM=$work/bin/safetools
  fi
  program=(--program "$SAFETOOLS_PROGRAM")
fi

# -o: what the runner starts does not hold the lock when the runner is gone.
flock -o "${TMPDIR:-/tmp}/safetools-corpus-$(id -u).lock" \
  dotnet "$root/tests/SafeTools.Corpus/bin/Release/net10.0/SafeTools.Corpus.dll" --scripts "$root/tests/corpora" "${program[@]}" "$@"
