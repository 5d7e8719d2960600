"""Takes pictures of the main states of the page from a running service over the example collection.

    make run                                                     # in one terminal
    make screenshots                                              # in another

Needs the development dependencies, Chromium and a font with Arabic letters (`sh tests/programs.sh`).
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent
MAX_BYTES = 200_000
BROWSER_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-lcd-text")

DESK: dict[str, Any] = {"viewport": {"width": 1200, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "device_scale_factor": 1.5}
DARK, ENGLISH = {"color_scheme": "dark"}, {"locale": "en"}
FAIR = "?q=" + quote("معرض الكتاب")
CUP = "/?q=" + quote("كأس المرافئ") + "&filter.category=" + quote("رياضة")

PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "search.png": ("/" + FAIR, DESK),
    "search-english-dark.png": ("/" + FAIR, DESK | DARK | ENGLISH),
    "document.png": ("/documents/ex-001" + FAIR, DESK),
    "document-phone-dark.png": ("/documents/ex-001" + FAIR, PHONE | DARK),
    "phone.png": (CUP, PHONE),
    "phone-english.png": (CUP, PHONE | ENGLISH),
    "nothing.png": ("/?q=zzzzqq", DESK),
}
"""File: the address below that of the service, and the screen."""


def main() -> int:
    """Take every picture; return the exit status."""
    parser = argparse.ArgumentParser(description="Takes the pictures of the README anew.")
    parser.add_argument("address", help="of a running service, for example http://127.0.0.1:8000")
    address = parser.parse_args().address.rstrip("/")
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not program:
        print("no Chromium; try: sh tests/programs.sh", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_OPTIONS)
        sizes = [take(browser, name, address) for name in PICTURES]
        browser.close()
    return 0 if max(sizes) <= MAX_BYTES else 1


def take(browser: Browser, name: str, address: str) -> int:
    """Take one picture; return its size in bytes."""
    path, screen = PICTURES[name]
    page = browser.new_page(**{"locale": "ar", "color_scheme": "light", **screen})
    page.goto(address + path)
    page.screenshot(path=FOLDER / name)
    page.close()
    size = (FOLDER / name).stat().st_size
    print(f"{name}: {size:,} bytes" + (f", more than {MAX_BYTES:,}" if size > MAX_BYTES else ""))
    return size


if __name__ == "__main__":
    sys.exit(main())
