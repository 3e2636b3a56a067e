#!/usr/bin/env bash
# Installs safetools for this user: builds the one trimmed file for this machine and puts it where commands are found. No sudo, no service, no profile edited.
set -euo pipefail
umask 022

usage() {
  cat <<'TEXT'
./install.sh [--prefix DIR]      install into DIR/bin and DIR/lib/safetools
                                 (else ${XDG_BIN_HOME:-~/.local/bin} and lib/safetools beside it)
./install.sh --package DIR       write the .NET tool packages into DIR; installs nothing
./install.sh --uninstall [--prefix DIR]
                                 remove the program; your policy, keys and audit stay
TEXT
}

say() { printf '%s\n' "$*"; }

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

wanted() { [ $# -ge 2 ] && [ -n "$2" ] || fail "$1 needs a folder."; }

prefix='' package='' uninstall=''
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) wanted "$@"; prefix=$2; shift 2 ;;
    --package) wanted "$@"; package=$2; shift 2 ;;
    --uninstall) uninstall=yes; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "unknown option '$1'." ;;
  esac
done

absolute() { case $1 in /*) printf '%s' "$1" ;; *) printf '%s' "$PWD/$1" ;; esac; }

if [ -n "$prefix" ]; then
  bin=$(absolute "$prefix")/bin
elif [ -n "${XDG_BIN_HOME:-}" ]; then
  bin=$(absolute "$XDG_BIN_HOME")
else
  [ -n "${HOME:-}" ] || fail "HOME is not set. Choose a place: --prefix DIR"
  bin=$HOME/.local/bin
fi
lib=$(dirname "$bin")/lib/safetools
[ -z "$package" ] || [ -z "$uninstall" ] || { usage >&2; fail "--uninstall and --package do not go together."; }
[ -z "$package" ] || package=$(absolute "$package")
program=$bin/safetools
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

# What lies at bin/safetools is ours when it is a link into our own folder.
ours() { [ -L "$program" ] && case $(readlink "$program") in ../lib/safetools/*/safetools) true ;; *) false ;; esac; }

# What lies below lib/safetools is ours when it is a folder named VERSION-DIGEST that holds the program, or one that was not finished.
clear_but() {
  local old
  for old in "$lib"/*-????????????/ "$lib"/.new-*/; do
    old=${old%/}
    [ -d "$old" ] && [ ! -L "$old" ] && [ "$old" != "$1" ] || continue
    case ${old##*/} in
      .new-*) ;;
      *) [[ ${old##*/} =~ ^[0-9][0-9A-Za-z.-]*-[0-9a-f]{12}$ && -f $old/safetools ]] || continue ;;
    esac
    rm -rf "$old"
    cleared=yes
  done
}
cleared=''

if { [ -e "$program" ] || [ -L "$program" ]; } && [ -z "$package" ] && ! ours; then
  fail "$program is there already, and this script did not make it." "Move it away, or choose another place: --prefix DIR"
fi

if [ -n "$uninstall" ]; then
  if ours; then rm -f "$program"; cleared=yes; fi
  clear_but ''
  rmdir "$lib" 2>/dev/null || true
  [ -n "$cleared" ] || { say "Nothing was installed in $bin."; exit 0; }
  say "Removed safetools from $bin."
  say "Left: your policy (safetools.yaml) and the state folder with keys and audit. Take 'safetools' out of your MCP clients' files (docs/clients.md)."
  exit 0
fi

# --- what it needs -----------------------------------------------------------------------------------------------------------------------

case $(uname -s)-$(uname -m) in
  Linux-x86_64) rid=linux-x64 ;;
  Linux-aarch64) rid=linux-arm64 ;;
  *) fail "safetools runs on Linux, on x86-64 and arm64; this is $(uname -s) on $(uname -m)." ;;
esac
if [ "$rid" != linux-x64 ]; then say "Note: only linux-x64 is tested." >&2; fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
command -v dotnet >/dev/null ||
  fail "the .NET 10 SDK is not installed ('dotnet' is not on PATH)." "Get it: https://dotnet.microsoft.com/download/dotnet/10.0"
if ! (cd "$root" && dotnet --version) >/dev/null 2>&1; then
  found=$(cd / && dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' ')
  fail "needs the .NET 10 SDK (global.json); found: ${found:-no SDK, only a runtime}." "Get it: https://dotnet.microsoft.com/download/dotnet/10.0"
fi

# Both are ignored by git; what other builds leave in bin/ and obj/ is not touched.
work=$root/artifacts/install
mkdir -p "$work" 2>/dev/null || fail "cannot write into $root/artifacts."
log=$work/build.log

build() {
  # The registry of packages may be asked; what it sends is held against packages.$rid.lock.json where there is one.
  local locked=false
  [ -f "$root/src/SafeTools.Server/packages.$rid.lock.json" ] && locked=true
  if (cd "$root" && dotnet "$@" -c Release --artifacts-path "$work" "-p:RestoreLockedMode=$locked" -p:RunAnalyzers=false --nologo -v quiet) >"$log" 2>&1; then
    return
  fi
  if grep -qi 'no space left on device' "$log"; then
    fail "the disk is full. The build needs about 1 GB below $work and your NuGet folder."
  elif grep -q 'NU1301' "$log"; then
    fail "the package registry cannot be reached; the first build downloads packages." "Look at your network and NuGet sources: dotnet nuget list source" "All of it: $log"
  elif grep -q 'NU1004\|NU1403' "$log"; then
    fail "the packages are not those of the lock files, so nothing was built." "All of it: $log"
  fi
  printf '%s\n' "$(tail -n 15 "$log")" >&2
  fail "the build failed. All of it: $log"
}

# --- the .NET tool package ---------------------------------------------------------------------------------------------------------------

if [ -n "$package" ]; then
  mkdir -p "$package" 2>/dev/null || fail "cannot make the folder $package."
  say "Packing for $rid; a minute or two..."
  build pack src/SafeTools.Server "-p:RuntimeIdentifiers=$rid" -o "$package"
  say "Wrote into $package:"
  (cd "$package" && ls SafeTools.*.nupkg | sed 's/^/  /')
  say "Install from there: dotnet tool install --global SafeTools --add-source $package"
  exit 0
fi

# --- the program -------------------------------------------------------------------------------------------------------------------------

say "Building for $rid; a minute or two the first time..."
rm -rf "$work/out"
build publish src/SafeTools.Server -r "$rid" -o "$work/out"
version=$("$work/out/safetools" --version) || fail "what was built does not start. All of the build: $log"
version=${version%%+*}
digest=$(cat "$work/out/safetools" "$work/out/libe_sqlite3.so" | sha256sum | cut -c1-12)
place=$lib/$version-$digest

mkdir -p "$bin" "$lib" 2>/dev/null || fail "cannot make $bin and $lib." "Choose another place: --prefix DIR"
[ -w "$bin" ] && [ -w "$lib" ] || fail "$bin or $lib is not yours to write." "Choose another place: --prefix DIR"

same=''
if [ "$(readlink "$program" 2>/dev/null)" = "../lib/safetools/${place##*/}/safetools" ] && cmp -s "$work/out/safetools" "$place/safetools"; then same=yes; fi

# Whole folders and the link are moved into place: whoever starts safetools meanwhile starts the old one or the new one, and a running one runs on.
new=$(mktemp -d "$lib/.new-XXXXXX") || fail "cannot write into $lib."
trap 'rm -rf "$new"' EXIT
chmod 755 "$new"
if ! { cp "$work/out/safetools" "$work/out/libe_sqlite3.so" "$new/" && chmod 755 "$new/safetools" && chmod 644 "$new/libe_sqlite3.so"; } 2>>"$log"; then
  fail "cannot write into $lib; is the disk full?" "Nothing was changed."
fi
if [ -z "$same" ]; then
  rm -rf "$place"
  mv "$new" "$place"
  link=$bin/.safetools-$$
  ln -s "../lib/safetools/${place##*/}/safetools" "$link"
  mv -f "$link" "$program"
fi
clear_but "$place"

# --- what next ---------------------------------------------------------------------------------------------------------------------------

if [ -n "$same" ]; then say "safetools $version is installed already: $program"; else say "Installed safetools $version: $program"; fi
command=safetools
case :$PATH: in
  *":$bin:"*) ;;
  *)
    command=$program
    say "$bin is not on your PATH. To type 'safetools' alone, add to your shell's profile:"
    say "  export PATH=\"$bin:\$PATH\""
    ;;
esac
config=${XDG_CONFIG_HOME:-${HOME:-/etc}/.config}/safetools/safetools.yaml
say ''
say 'Next:'
say "  $command demo                        see it at work, in a sandbox of its own"
say "  $root/examples/first-policy/README.md"
say "                                      write and accept a first policy"
registered=''
[ "$program" = "${HOME:-}/.local/bin/safetools" ] || registered=" --command \"$program\""
say "  $root/examples/register.sh cursor$registered"
say "                                      what Cursor, Claude Desktop and VS Code need: $root/docs/clients.md"
say ''
say "Registration for $config, in the form most clients take:"
"$root/examples/register.sh" mcp --command "$program" --config "$config" | sed 's/^/  /'
