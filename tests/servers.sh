#!/bin/sh
# Unpack the mail servers that the tests run into build/servers, without installing them: Postfix, Sendmail and Dovecot
# exclude each other as packages, and no service of this machine is touched. Quiet where everything is there.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
root=$here/build/servers

fail() { # WORDS: end at once and say why
    echo "tests/servers.sh: $*" >&2
    exit 1
}

unpack() { # NAME PACKAGE...
    name=$1
    shift
    [ -e "$root/$name/.complete" ] && return
    echo "unpacking $name"
    mkdir -p "$root/$name" "$root/deb"
    export DEBIAN_FRONTEND=noninteractive
    [ -n "${updated:-}" ] || apt-get update -qq || fail "the lists of Debian packages do not come (apt-get update)"
    updated=yes
    for package in "$@"; do
        (cd "$root/deb" && rm -f "${package}"_*.deb &&
            apt-get download -qq -o APT::Sandbox::User=root "$package" >/dev/null) ||
            fail "the Debian package $package does not come (apt-get download); the tests with $name cannot run"
        dpkg -x "$root/deb/${package}"_*.deb "$root/$name"
        libraries "$package"
    done
    touch "$root/$name/.complete"
}

libraries() { # PACKAGE: install the shared libraries that it needs; they are no services
    needed=$(apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$1" |
        sed -n 's/^ *|\{0,1\}Depends: \(lib[^ ]*\)$/\1/p' | grep -v -e perl -e '^libmail' || true)
    # shellcheck disable=SC2086 # a list of words
    [ -z "$needed" ] || sh "$here/tests/packages.sh" $needed
}

unpack postfix postfix
unpack miltertest miltertest
unpack sendmail sendmail-bin sendmail-base sendmail-cf m4
unpack dovecot dovecot-core dovecot-imapd dovecot-lmtpd dovecot-sieve
# Dovecot reads its TLS module from a folder that no setting moves, with or without TLS: let it be one below its own
# working folder. Of the same length, so that nothing else in the file moves.
LC_ALL=C sed -i 's|/usr/lib/dovecot/modules\x00|.////////////////modules\x00|' "$(readlink -f "$root/dovecot/usr/lib/dovecot/libdovecot.so.0")"
# Sendmail sleeps a minute where the name of the machine has no dot and /etc/hosts gives it none, whatever its .cf says:
# let it read a file below its working folder. Of the same length, as above.
LC_ALL=C sed -i 's|/etc/hosts\x00|.////hosts\x00|' "$root/sendmail/usr/libexec/sendmail/sendmail"
getent group postfix >/dev/null || groupadd --system postfix
getent group postdrop >/dev/null || groupadd --system postdrop
id postfix >/dev/null 2>&1 || useradd --system --gid postfix --home-dir /nonexistent --shell /usr/sbin/nologin postfix
id dovecot >/dev/null 2>&1 || useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin dovecot
id dovenull >/dev/null 2>&1 || useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin dovenull
id smmsp >/dev/null 2>&1 || useradd --system --user-group --home-dir /nonexistent --shell /usr/sbin/nologin smmsp
