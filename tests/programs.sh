#!/bin/sh
# Makes sure that there are the programs that tests need: Chromium, with a font that has Arabic (tests/web/test_browser.py),
# and strace (tests/hostile/test_durability.py). Quiet when they are there. Where they cannot be installed, says how and
# leaves with 0: the tests then skip, or fail where CI is set.
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || missing="chromium fonts-noto-ui-core"
command -v strace >/dev/null 2>&1 || missing="$missing strace"
[ -n "$missing" ] || exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
    echo "Installing programs for the tests: $missing ..."
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # several words
    if apt-get update >"$log" 2>&1 && apt-get install -y --no-install-recommends $missing >>"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 20 "$log" >&2
    rm -f "$log"
fi

echo "The tests need the programs chromium, with a font that has Arabic letters, and strace." >&2
echo "Debian, Ubuntu: apt-get install $missing" >&2
echo "Fedora: dnf install chromium google-noto-sans-arabic-fonts strace" >&2
