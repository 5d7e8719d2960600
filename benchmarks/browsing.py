"""What a reader waits for in Chromium: the first load of the page, and tasks that block it while one types.

    python -m benchmarks.browsing INDEX_DIR [INDEX]

A long task keeps the browser from answering a key or a touch; it takes more than 50 ms (`PerformanceObserver`). Where
other programs use the processor, a task is long for them: the longest one by processor time stands beside.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.searching import serve

BROWSER_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run")
QUERIES = ("السعودية", "كأس العالم", "أسعار النفط", "الانتخابات")
KEY_MILLISECONDS = 120
"""Between two keys: some 100 words a minute. It is also the delay of completion, so nearly every key asks for one."""
LOADS = 7
MOBILE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
"""A slow mobile connection: 150 ms for each request, 1.6 Mbit/s, as the "slow 4G" of Lighthouse."""
CPU_RATES = 1, 4
"""How many times slower the processor is: as it is, and as in a phone."""
OBSERVE = """
  window.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask", buffered: true });
  new MutationObserver((_, observer) => {
    if (!document.documentElement.classList.contains("scripted")) return;
    window.scriptedAt = performance.now();
    observer.disconnect();
  }).observe(document, { attributes: true, subtree: true, attributeFilter: ["class"] });
"""
SEEN = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


class Load(NamedTuple):
    """One first load.

    Attributes:
        requests: how many.
        bytes: their answers as they were sent, with heads.
        seen: milliseconds until results are painted; they come with the page.
        scripted: milliseconds until the page answers keys.
    """

    requests: int
    bytes: int
    seen: float
    scripted: float


@contextmanager
def opened(browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """Yield a page of an empty profile, and what controls it."""
    context = browser.new_context(locale="ar", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(OBSERVE)
    yield page, context.new_cdp_session(page)
    context.close()


def load(browser: Browser, url: str, network: dict[str, Any] | None) -> Load:
    """Load a page for the first time."""
    sizes: list[int] = []
    with opened(browser) as (page, control):
        control.send("Network.enable")
        if network:
            control.send("Network.emulateNetworkConditions", network)
        control.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
        page.goto(url, wait_until="networkidle")
        page.wait_for_function(f"() => window.scriptedAt && {SEEN}")
        sizes = [size for size in sizes if size]  # the picture in a date field is the browser's own
        return Load(len(sizes), sum(sizes), page.evaluate(SEEN), page.evaluate("scriptedAt"))


class Typing(NamedTuple):
    """Tasks of the page while one types.

    Attributes:
        long: the milliseconds of each task of more than 50.
        processor: the milliseconds of processor time of the longest task by it.
    """

    long: list[float]
    processor: float


def type_queries(browser: Browser, url: str, cpu_rate: int) -> Typing:
    """Type into the box beside results, with completion and results that follow."""
    with opened(browser) as (page, control):
        page.goto(url, wait_until="networkidle")
        browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
        control.send("Emulation.setCPUThrottlingRate", {"rate": cpu_rate})
        page.evaluate("longTasks.length = 0")
        box = page.locator("#q")
        for query in QUERIES:
            box.fill("")
            with page.expect_response(lambda answer: "/suggest?" in answer.url):
                box.press_sequentially(query, delay=KEY_MILLISECONDS)
            page.wait_for_function("query => new URL(location).searchParams.get('q') === query", arg=query)
        page.wait_for_load_state("networkidle")
        events = json.loads(browser.stop_tracing())["traceEvents"]
        named = [one for one in events if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"]
        threads = {(one["pid"], one["tid"]) for one in named}
        times = [one["tdur"] for one in events if "tdur" in one and (one["pid"], one["tid"]) in threads]
        return Typing(page.evaluate("longTasks"), max(times) / 1000)


def measure(browser: Browser, address: str, index: str) -> list[tuple[str, str]]:
    """Return the rows of the table."""
    url = f"{address}/?index={index}&q={QUERIES[0]}"
    rows = []
    load(browser, url, None)  # the first one fills the caches of the service
    for name, network in (("loopback", None), ("150 ms, 1.6 Mbit/s", MOBILE)):
        loads = [load(browser, url, network) for _ in range(LOADS)]
        first = loads[0]
        rows.append((f"First load, {name}: requests, kB", f"{first.requests}, {first.bytes / 1000:.1f}"))
        seen, scripted = (statistics.median(times) for times in zip(*(one[2:] for one in loads), strict=True))
        rows.append((f"First load, {name}: results are seen, keys answered, ms", f"{seen:.0f}, {scripted:.0f}"))
    for rate in CPU_RATES:
        typing = type_queries(browser, url, rate)
        keys = sum(map(len, QUERIES))
        longest = f", the longest {max(typing.long):.0f} ms" if typing.long else ""
        rows.append((f"Typing {keys} letters, processor {rate}x slower: long tasks", f"{len(typing.long)}{longest}"))
        rows.append(("The longest task by processor time, ms", f"{typing.processor:.0f}"))
    return rows


def main() -> int:
    """Measure an index; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of the indexes")
    parser.add_argument("index", nargs="?", default="news")
    arguments = parser.parse_args()
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not program:
        print("no Chromium; try: sh tests/programs.sh", file=sys.stderr)
        return 1
    with serve(arguments.folder, arguments.index) as connection, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_OPTIONS)
        for name, value in measure(browser, f"http://{connection.host}:{connection.port}", arguments.index):
            print(f"| {name} | {value} |")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
