#!/bin/sh
# Makes .venv with the machine's own Python and installs exactly what the given file locks.
set -eu
python=${PYTHON:-python3}
requirements=$1

say() { echo "outtray: $*" >&2; }

if ! command -v "$python" >/dev/null 2>&1; then
    say "there is no $python here. Install Python 3.11 or later, or name one: make PYTHON=python3.12 ..."
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "$("$python" --version) is too old. Outtray needs Python 3.11 or later: make PYTHON=python3.12 ..."
    exit 1
fi

has_pip() { .venv/bin/python -m pip --version >/dev/null 2>&1; }

if ! has_pip; then
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # Debian and Ubuntu keep this part of Python in a package of its own.
        if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
            say "installing python3-venv"
            apt-get update -qq >&2 && apt-get install -qq -y --no-install-recommends python3-venv >&2
        else
            say "this Python cannot make virtual environments. Install them first: sudo apt-get install python3-venv"
            exit 1
        fi
    fi
    say "making .venv with $("$python" --version)"
    "$python" -m venv .venv
fi

say "installing what $requirements locks (the first time takes a minute)"
pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"; }
# What is imported is compiled then; most of it never is.
pip install -qq --no-compile --require-hashes -r "$requirements" >&2
pip install -qq --no-build-isolation --no-deps -e . >&2
say "installed"
