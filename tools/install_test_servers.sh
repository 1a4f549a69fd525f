#!/bin/sh
# Installs the servers and programs that the tests use, as far as they are missing and
# apt-get may be used here. Says in one line what could not be installed; never fails.
set -u

PATH="$PATH:/usr/sbin:/sbin"

# program:package, found by the program so that other ways of installing it count too
WANTED="
postfix:postfix
dovecot:dovecot-core
doveadm:dovecot-core
/usr/lib/dovecot/imap:dovecot-imapd
/usr/lib/dovecot/lmtp:dovecot-lmtpd
chromium:chromium
/usr/lib/postgresql:postgresql
pdftotext:poppler-utils
"

is_there() {
    case "$1" in
        /*) [ -e "$1" ] ;;
        *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

missing() {
    for pair in $WANTED; do
        is_there "${pair%%:*}" || echo "${pair##*:}"
    done | sort -u | tr '\n' ' ' | sed 's/ $//'
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env "$@"
    else
        sudo -n env "$@"
    fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1
}

install() {
    as_root DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >/dev/null 2>&1 </dev/null
}

packages=$(missing)
[ -n "$packages" ] || exit 0

if may_install; then
    echo "Installing for the tests: $packages"
    # A service that is started here would take ports that nobody asked for.
    install update
    for package in $packages; do
        install install --no-install-recommends "$package"
    done
    packages=$(missing)
fi

[ -z "$packages" ] || echo "Not installed, so its tests are skipped (with CI=true they fail): $packages"
exit 0
