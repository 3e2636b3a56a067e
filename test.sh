#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every test. Ends in one line: N passed, N failed.
# Exits non-zero when anything failed, was skipped, or nothing ran.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The tests need the .NET 10 SDK; Node 20 with npm for real MCP clients; `script` and `setsid` for pseudo-terminals; `setpriv`, `useradd` and `perl`
# for a second user of the system; `systemd-analyze` for the unit that is shipped; PostgreSQL 15 for real clusters, which each test makes for itself.
. tests/needs.sh
need dotnet node npm script setsid setpriv useradd perl systemd-analyze "$postgres" || { echo "0 passed, 1 failed"; exit 1; }

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
status=0

# Real MCP clients, pinned. What they warn of about the version of Node does not matter to what is used of them.
(cd tests/clients && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || { echo "0 passed, 1 failed"; exit 1; }

# Real servers of the other versions, pinned too.
(cd tests/postgres && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || { echo "0 passed, 1 failed"; exit 1; }

dotnet build SafeTools.sln -c Release --nologo -v quiet || { echo "0 passed, 1 failed"; exit 1; }

for project in tests/SafeTools.Tests tests/SafeTools.IntegrationTests; do
  name=$(basename "$project")
  dotnet test "$project" -c Release --no-build --nologo --logger "trx;LogFileName=$name.trx" --results-directory "$results" || status=1
  [ -s "$results/$name.trx" ] || { echo "$name wrote no result." >&2; status=1; }
done

# Every statement of the corpus, through the program as it is installed, under five credentials.
tests/corpus.sh tests/corpora/postgres-readonly.jsonl | tee "$results/corpus.txt"
[ "${PIPESTATUS[0]}" -eq 0 ] || status=1
read -r corpus_passed _ corpus_failed _ < <(tail -n 1 "$results/corpus.txt")

# And with each of the provider's layers taken away in turn: the others hold.
tests/corpus.sh tests/corpora/postgres-readonly.jsonl --layers | tee "$results/layers.txt"
[ "${PIPESTATUS[0]}" -eq 0 ] || status=1
read -r layers_passed _ layers_failed _ < <(tail -n 1 "$results/layers.txt")

# The protocol's own suites, against the endpoint that serves HTTP.
tests/conformance.sh | tee "$results/conformance.txt"
[ "${PIPESTATUS[0]}" -eq 0 ] || status=1
read -r conformance_passed _ conformance_failed _ < <(tail -n 1 "$results/conformance.txt")

# Each runner's own counters, summed.
count() {
  cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*>" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}
passed=$(count passed)
total=$(count total)
failed=$((total - passed))
passed=$((passed + ${corpus_passed:-0} + ${layers_passed:-0} + ${conformance_passed:-0}))
failed=$((failed + ${corpus_failed:-1} + ${layers_failed:-1} + ${conformance_failed:-1}))
if [ "$total" -eq 0 ]; then
  failed=1
fi
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  failed=1
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
