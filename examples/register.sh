#!/usr/bin/env bash
# Prints what registers safetools in an MCP client, and install links. Changes nothing.
set -euo pipefail
export LC_ALL=C

usage() {
  cat <<'TEXT'
examples/register.sh CLIENT [--command FILE] [--config FILE]

CLIENT is one of
  mcp              {"mcpServers": ...}, the form most clients take
  cursor           ~/.cursor/mcp.json
  cursor-link      a link that opens Cursor and asks whether to add it
  claude-desktop   claude_desktop_config.json
  vscode           mcp.json of your VS Code profile
  vscode-link      a link that opens VS Code and asks whether to add it

--command  the program; else the safetools that ./install.sh makes
--config   safetools.yaml; else the one in your configuration folder
TEXT
}

fail() {
  printf 'register.sh: %s\n' "$1" >&2
  exit 2
}

case ${1:-} in -h | --help) usage; exit 0 ;; esac
[ $# -gt 0 ] || { usage >&2; exit 2; }
client=$1
shift

# Cursor and VS Code put the user's home in place of ${userHome}; the others take a path as it stands.
home=${HOME:-}
case $client in
  cursor | cursor-link | vscode | vscode-link) [ -n "${XDG_BIN_HOME:-}${XDG_CONFIG_HOME:-}" ] || home='${userHome}' ;;
  mcp | claude-desktop) ;;
  *) usage >&2; fail "unknown client '$client'." ;;
esac
command='' config=''
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || fail "$1 needs a file."
  case $1 in
    --command) command=$2 ;;
    --config) config=$2 ;;
    *) usage >&2; fail "unknown option '$1'." ;;
  esac
  shift 2
done

if [ -z "$home" ]; then
  [ -n "$command" ] || [ -n "${XDG_BIN_HOME:-}" ] || fail "HOME is not set. Name the program: --command FILE"
  [ -n "$config" ] || [ -n "${XDG_CONFIG_HOME:-}" ] || fail "HOME is not set. Name safetools.yaml: --config FILE"
fi
command=${command:-${XDG_BIN_HOME:-$home/.local/bin}/safetools}
config=${config:-${XDG_CONFIG_HOME:-$home/.config}/safetools/safetools.yaml}

# A client starts the server in a folder of its own choice, so a relative path would mean another file every time.
for path in "$command" "$config"; do
  case $path in
    *[[:cntrl:]]*) fail "a path holds control characters." ;;
    /* | '${userHome}/'*) ;;
    *) fail "'$path' is not an absolute path." ;;
  esac
done

quote() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

percent() {
  local text=$1 i c
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    case $c in [A-Za-z0-9._~-]) printf '%s' "$c" ;; *) printf '%%%02X' "$(($(printf '%d' "'$c") & 255))" ;; esac
  done
}

args="[\"serve\", \"--config\", $(quote "$config")]"
case $client in
  mcp | cursor | claude-desktop)
    printf '{\n  "mcpServers": {\n    "safetools": {\n      "command": %s,\n      "args": %s\n    }\n  }\n}\n' "$(quote "$command")" "$args"
    ;;
  vscode)
    printf '{\n  "servers": {\n    "safetools": {\n      "type": "stdio",\n      "command": %s,\n      "args": %s\n    }\n  }\n}\n' "$(quote "$command")" "$args"
    ;;
  cursor-link)
    inner=$(printf '{"command":%s,"args":%s}' "$(quote "$command")" "$args" | base64 | tr -d '\n')
    printf 'cursor://anysphere.cursor-deeplink/mcp/install?name=safetools&config=%s\n' "$(percent "$inner")"
    ;;
  vscode-link)
    inner=$(printf '{"name":"safetools","type":"stdio","command":%s,"args":%s}' "$(quote "$command")" "$args")
    printf 'vscode:mcp/install?%s\n' "$(percent "$inner")"
    ;;
esac
