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
zbarimg:zbar-tools
node:nodejs
npm:npm
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
        "$@"
    else
        sudo -n "$@"
    fi
}

may_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >/dev/null 2>&1 </dev/null
}

# The tests start servers of their own, so the packages shall start none: Debian's
# policy-rc.d (exit status 101) forbids it while we install.
POLICY=/usr/sbin/policy-rc.d

start_nothing() {
    [ -e "$POLICY" ] && return
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
    as_root chmod 755 "$POLICY"
    trap 'as_root rm -f "$POLICY"' EXIT
    trap 'exit 1' INT TERM
}

install_all() {
    apt update
    start_nothing
    echo "postfix postfix/main_mailer_type select No configuration" |
        as_root debconf-set-selections >/dev/null 2>&1
    for package in $1; do
        apt install --no-install-recommends "$package"
    done
}

# Servers that come from npm, each in its folder; what is as the lock says is left alone.
install_from_npm() {
    for lock in tests/servers/*/package-lock.json; do
        folder=${lock%/*}
        [ "$folder/node_modules/.package-lock.json" -nt "$lock" ] && continue
        npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error >/dev/null 2>&1 </dev/null ||
            echo "Not installed, so its tests are skipped (with CI=true they fail): $folder"
    done
}

packages=$(missing)
if [ -n "$packages" ] && may_install; then
    echo "Installing for the tests: $packages"
    install_all "$packages"
    packages=$(missing)
fi
install_from_npm

[ -z "$packages" ] || echo "Not installed, so its tests are skipped (with CI=true they fail): $packages"
exit 0
