#!/bin/sh
# Makes sure that there is a Chromium for the browser tests (tests/web/test_browser.py), with a font that has Arabic.
# Quiet when it is there. Where it cannot be installed, says how and leaves with 0: the tests then skip, or fail where CI is set.
set -eu

if command -v chromium >/dev/null 2>&1; then
    exit 0
fi

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
    echo "Installing Chromium for the browser tests ..."
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update >"$log" 2>&1 &&
        apt-get install -y --no-install-recommends chromium fonts-noto-ui-core >>"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 20 "$log" >&2
    rm -f "$log"
fi

echo "The browser tests need a program called chromium and a font with Arabic letters." >&2
echo "Debian, Ubuntu: apt-get install chromium fonts-noto-ui-core   Fedora: dnf install chromium google-noto-sans-arabic-fonts" >&2
