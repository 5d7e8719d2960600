#!/bin/sh
# Makes sure that there are the programs that tests need: Chromium, with a font that has Arabic (tests/web/conftest.py),
# and strace (tests/hostile/test_durability.py). Quiet when they are there. Where they cannot be installed, says how and
# leaves with 0: the tests then skip, or fail where CI is set.
#
# The headless shell of Chromium takes two fifths of the processor time of the whole browser for a page. Debian has a
# package of it, Ubuntu has not: there the whole browser is installed. With both, the tests use the headless shell.
set -eu

browser="" others=""
command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 \
    || browser="chromium-headless-shell fonts-noto-ui-core"
command -v strace >/dev/null 2>&1 || others="strace"
[ -n "$browser$others" ] || exit 0

# shellcheck disable=SC2068  # several words
install() { apt-get install -y --no-install-recommends $@ >>"$log" 2>&1; }

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
    echo "Installing programs for the tests: $browser $others ..."
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update >"$log" 2>&1 && { install "$browser $others" \
        || { [ -n "$browser" ] && install "chromium fonts-noto-ui-core $others"; }; }; then
        rm -f "$log"
        exit 0
    fi
    tail -n 20 "$log" >&2
    rm -f "$log"
fi

echo "The tests need the programs chromium-headless-shell or chromium, with a font that has Arabic letters, and strace." >&2
echo "Debian: apt-get install ${browser:-} ${others:-}; Ubuntu: chromium in place of chromium-headless-shell" >&2
echo "Fedora: dnf install chromium google-noto-sans-arabic-fonts strace" >&2
