#!/bin/sh
# Fill .venv with exactly what uv.lock names. `make setup` calls this.
#
#   scripts/setup.sh [PYTHON] [option of uv sync]...
#
# Uses the machine's uv, or installs one from PyPI into .venv/uv. It lives in a
# folder of its own because `uv sync` removes what the lock does not name.
# Safe to interrupt and to repeat: marks are set last, and what was begun and
# not finished is done again from the start.
set -eu
cd "$(dirname "$0")/.."

asked=${1:-}
[ $# -eq 0 ] || shift

venv=.venv
own=$venv/uv
unfinished=$venv/setup.unfinished
export UV_PROJECT_ENVIRONMENT=$venv
unset VIRTUAL_ENV PYTHONHOME

supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

identity() {
    "$1" -c 'import sys; print(sys.version, sys.base_prefix)' 2>/dev/null || echo none
}

# False for a missing uv, one too old for this project, and one cut short.
works() {
    "$1" export --frozen --offline --quiet >/dev/null 2>&1
}

need_supported() {
    supported "$1" && return
    {
        echo "Padan needs Python 3.11, 3.12 or 3.13. '$1' is" \
            "$("$1" --version 2>/dev/null || echo 'not on this machine')."
        for other in python3.13 python3.12 python3.11; do
            ! supported "$other" || echo "  found here:  PYTHON=$other make setup"
        done
        echo "  another one: PYTHON=/path/to/python make setup"
    } >&2
    exit 1
}

need_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    {
        echo "'$1' cannot make virtual environments: its venv or ensurepip module is missing."
        echo "  Debian and Ubuntu: apt-get install python3-venv"
    } >&2
    exit 1
}

drop_unfit_environment() {
    [ -e "$venv" ] || return 0
    if [ ! -f "$venv/pyvenv.cfg" ] || ! supported "$venv/bin/python"; then
        rm -rf "$venv"
    elif [ -f "$unfinished" ]; then
        # A package cut short can be one that no reinstallation reads. Keep the choice
        # of interpreter, and nothing else.
        [ -n "$asked" ] || asked=$("$venv/bin/python" -c 'import os, sys; print(os.path.realpath(sys.executable))')
        rm -rf "$venv"
    elif [ -n "$asked" ] && [ "$(identity "$asked")" != "$(identity "$venv/bin/python")" ]; then
        rm -rf "$venv"
    fi
}

install_own_uv() {
    python=${asked:-python3}
    if [ -z "$asked" ] && [ -d "$venv" ]; then python=$venv/bin/python; fi
    need_supported "$python"
    need_venv_module "$python"
    echo "No usable uv on this machine: installing one from PyPI into $own"
    [ -d "$venv" ] || "$python" -m venv --without-pip "$venv"
    rm -rf "$own"
    "$python" -m venv "$own"
    "$own/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
    ln -sf ../uv/bin/uv "$venv/bin/uv"
    touch "$own/ready"
}

[ -z "$asked" ] || need_supported "$asked"
drop_unfit_environment

uv=uv
if [ -f "$own/ready" ] && works "$venv/bin/uv"; then
    uv=$venv/bin/uv
elif ! works uv; then
    install_own_uv
    uv=$venv/bin/uv
fi

[ -d "$venv" ] || "$uv" venv --quiet ${asked:+--python "$asked"} "$venv"

touch "$unfinished"
# Compiled at once: every command of the demo is a process that would compile them again.
"$uv" sync --locked --all-extras --compile-bytecode "$@"
"$venv/bin/python" scripts/warm.py
rm -f "$unfinished"
