# Sourced by ./catalog-tui and ./run-tests with the extras to install ("" or "[dev]") in $extras:
# makes .venv beside the project (uv when there, else python3 and venv) and installs the pinned versions into it.
# Done again only when what is to be installed changed.

here=$(cd "$(dirname "$0")" && pwd)
export VIRTUAL_ENV="$here/.venv"
stamp="$VIRTUAL_ENV/.installed$extras"

need_python() {
    for python in python3.11 python3.12 python3.13 python3.14 python3; do
        if command -v "$python" >/dev/null 2>&1 && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            return
        fi
    done
    echo "catalog-tui needs Python 3.11 or newer, and none is on the PATH: install it (Debian: apt install python3 python3-venv)" >&2
    exit 1
}

make_venv() {
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python "$python" "$VIRTUAL_ENV"
    elif ! "$python" -m venv "$VIRTUAL_ENV" >/dev/null 2>&1; then
        rm -rf "$VIRTUAL_ENV"
        install_packages python3-venv
        "$python" -m venv "$VIRTUAL_ENV"
    fi
}

install_packages() { # Debian packages, by apt; says what is missing where that cannot be done
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "missing: $* (no apt-get here: install the same by your system's package manager)" >&2
        exit 1
    fi
    sudo=""
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

install_project() {
    if command -v uv >/dev/null 2>&1; then
        uv pip install --quiet --constraint "$here/constraints.txt" --editable "$here$extras"
    else
        "$VIRTUAL_ENV/bin/python" -m pip --disable-pip-version-check install --quiet \
            --constraint "$here/constraints.txt" --editable "$here$extras"
    fi
}

wanted=$(cat "$here/constraints.txt" "$here/pyproject.toml" | cksum)
if [ ! -x "$VIRTUAL_ENV/bin/python" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "catalog-tui: setting up .venv (once)" >&2
    need_python
    [ -x "$VIRTUAL_ENV/bin/python" ] || make_venv
    install_project
    printf '%s' "$wanted" >"$stamp"
fi
