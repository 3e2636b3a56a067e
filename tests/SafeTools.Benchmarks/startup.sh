#!/usr/bin/env bash
# How long the published server takes from its start to the answer to `initialize`, beside the SDK's generic-host sample published in the same way.
# Prints both medians, and their ratio last. ROUNDS=N chooses how often (21). SAFETOOLS=PATH measures a binary that is there already.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) rid=linux-x64 ;;
  Linux-aarch64) rid=linux-arm64 ;;
  *) echo "startup.sh knows no runtime for $(uname -s) on $(uname -m)." >&2; exit 2 ;;
esac

if [ -z "${SAFETOOLS:-}" ]; then
  ../../install.sh --prefix "$work" >&2
  SAFETOOLS=$work/bin/safetools
fi
dotnet publish GenericHostSample -c Release -r "$rid" --self-contained -p:PublishTrimmed=true -p:PublishSingleFile=true -p:PublishReadyToRun=true \
  -p:RestoreLockedMode=false -p:NuGetLockFilePath=obj/publish.lock.json -o "$work/sample" --nologo -v quiet >&2
dotnet build . -c Release --nologo -v quiet >&2

cp -r ../../examples/first-policy "$work/policy"
dotnet run --project . -c Release --no-build -- "${ROUNDS:-21}" \
  "$SAFETOOLS serve --config $work/policy/safetools.yaml --state $work/state" "$work/sample/generic-host-sample"
