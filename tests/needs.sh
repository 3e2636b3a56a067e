# Sourced by test.sh and tests/corpus.sh: what the tests need of the system beyond the checkout.

# PostgreSQL's programs lie outside of PATH. Debian's package makes a cluster of its own and may start it on port 5432: nobody here uses it; the tests
# make theirs in temporary folders on other ports.
postgres=/usr/lib/postgresql/15/bin/initdb

# The package of Debian that a tool comes with. Only what is missing is installed: Node may be there from elsewhere, and Debian's would not go beside it.
package_of() {
  case $1 in
    node) echo nodejs ;;
    npm) echo npm ;;
    script) echo bsdutils ;;
    setsid | setpriv | flock) echo util-linux ;;
    useradd) echo passwd ;;
    perl) echo perl-base ;;
    systemd-analyze) echo systemd ;;
    "$postgres") echo postgresql-15 ;;
  esac
}

# need TOOL...: installs what is missing where that is possible (root on Debian), else says so and fails. A tool may be named by its whole path.
need() {
  local tool package
  for tool in "$@"; do
    if command -v "$tool" >/dev/null; then continue; fi
    package=$(package_of "$tool")
    if [ -n "$package" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
      apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package"
    fi
    if ! command -v "$tool" >/dev/null; then
      echo "${0##*/} needs '$tool'." >&2
      return 1
    fi
  done
}
