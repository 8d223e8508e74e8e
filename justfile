# The commands of this repository, by name. `uv run just` lists them; only uv has to be installed.

set shell := ["bash", "-euo", "pipefail", "-c"]

compile := "uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet --custom-compile-command 'just lock'"

_list:
    @{{ just_executable() }} --list

# Format Python and sort its imports.
fmt:
    uv run ruff check --fix --quiet --select I .
    uv run ruff format .

# All that can be checked without running anything: format, lint, types, contracts, pins.
check: && lock-check
    uv run ruff format --check .
    uv run ruff check .
    uv run mypy
    uv run lint-imports

# The tests, by the README's own command; `just test tests/core` runs a part.
test *args:
    uv run pytest {{ args }}

# The tests that drive a real Chromium.
e2e *args:
    uv run --group e2e pytest -m e2e {{ args }}

# Lint, types and tests of the JavaScript; needs node and npm.
js:
    @if [ -f package-lock.json ]; then npm ci --no-audit --no-fund; \
    else npm install --no-audit --no-fund --no-package-lock; fi
    npm run check

# Take the screenshots in docs/pictures anew, of the app that runs at `address`.
shots address="http://localhost:8501":
    uv run --group e2e python docs/take_pictures.py {{ address }}

# Pin every package that the app needs, with hashes; a pin that still fits stays.
lock:
    @{{ compile }} --output-file requirements.txt >/dev/null

# Fail where requirements.txt is not what pyproject.toml asks for.
lock-check:
    @fresh=$(mktemp); trap 'rm -f "$fresh"' EXIT; cp requirements.txt "$fresh"; \
    {{ compile }} --output-file "$fresh" >/dev/null; \
    diff --brief requirements.txt "$fresh" >/dev/null \
    || { echo "requirements.txt is not what pyproject.toml asks for: run “uv run just lock”." >&2; exit 1; }
