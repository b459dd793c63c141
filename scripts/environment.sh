# Sourced by the other scripts: changes to the checkout, installs what they need into .venv, and sets PYTHON to its
# interpreter. The variable `extra` names the extras to install, such as cli,emulator; test includes all but release.
#
# A file in .venv records what was installed from which pins, so that later runs take almost no time.

set -eu
cd "$(dirname "$0")/.."

# Keep bytecode for the next process: tests start hundreds of them.
unset PYTHONDONTWRITEBYTECODE

fail() {
    echo "$(basename "$0"): $1" >&2
    exit 1
}

# A Python that is new enough: the one in RUM_REPLAY_PYTHON, the default one, or one named by its version.
find_python() {
    for candidate in ${RUM_REPLAY_PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

PYTHON=.venv/bin/python
[ -x .venv/Scripts/python.exe ] && PYTHON=.venv/Scripts/python.exe
wanted="$(cat constraints.txt pyproject.toml | cksum)"
stamp=".venv/installed-$extra"
if [ "$extra" != release ] && [ "$(cat .venv/installed-test 2>/dev/null)" = "$wanted" ]; then
    stamp=.venv/installed-test
fi

if [ ! -x "$PYTHON" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    if command -v uv >/dev/null 2>&1; then
        [ -x "$PYTHON" ] || uv venv --quiet --seed --python "${RUM_REPLAY_PYTHON:->=3.11}" .venv ||
            fail "uv finds no Python 3.11 or newer; install one from https://www.python.org/downloads/"
        install() { uv pip install --quiet --python "$PYTHON" --constraint constraints.txt "$@"; }
    else
        base="$(find_python)"
        [ -n "$base" ] || fail "this needs Python 3.11 or newer, found: $(python3 --version 2>/dev/null || echo none); \
install one from https://www.python.org/downloads/, or name one in RUM_REPLAY_PYTHON"
        "$base" -c 'import ensurepip, venv' 2>/dev/null ||
            fail "$base has no venv module; on Debian and Ubuntu: apt install python3-venv"
        [ -x "$PYTHON" ] || "$base" -m venv .venv || fail "$base -m venv .venv failed, see above"
        pip() { "$PYTHON" -m pip install --quiet --no-compile --disable-pip-version-check --constraint constraints.txt "$@"; }
        # uv unpacks the 1.2 GB that tests need in 4 s, pip in 40 s. Where only pip is configured to find an index, pip does it.
        uv_or_pip() {
            "$PYTHON" -m uv pip install --quiet --python "$PYTHON" --constraint constraints.txt "$@" 2>/dev/null || pip "$@"
        }
        install() {
            case "$extra" in test | release) pip uv && uv_or_pip "$@" ;; *) pip "$@" ;; esac
        }
    fi
    [ -x .venv/Scripts/python.exe ] && PYTHON=.venv/Scripts/python.exe
    echo "Installing into .venv, once; this takes a minute or so." >&2
    install hatchling editables && install --no-build-isolation --editable ".[$extra]" ||
        fail "the installation failed, see above; is the package index reachable?"
    echo "$wanted" >"$stamp"
fi
