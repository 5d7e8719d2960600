"""What an embedded search says when it fails, and when it tries again."""

from __future__ import annotations

import json

from playwright.sync_api import Page, Request, Route, expect

from tests.web.embed.page import LINE, Open, box, results, search


class Refusals:
    """Lets the searches of a page fail as long as a status is set; 0 is that of a service that cannot be reached.

    A route that is removed after so many requests would leave open which of two searches it is for: one that follows
    what is typed after a pause, and one by Enter.
    """

    def __init__(self, page: Page) -> None:
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        page.route("**/search?*", self._answer)

    def _answer(self, route: Route) -> None:
        if self.status is None:
            route.continue_()
        elif self.status == 0:
            route.abort()
        else:
            exposed = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
            body, problem = json.dumps({"detail": "تفصيل"}), "application/problem+json"
            route.fulfill(status=self.status, headers={**exposed, **self.headers}, body=body, content_type=problem)


def test_failures_are_sentences_and_what_was_typed_is_kept(open_page: Open) -> None:
    page = open_page(LINE)
    alert = page.get_by_role("alert")
    refusals = Refusals(page)
    sentences = {
        0: "تعذّر الوصول إلى خدمة البحث", 400: "تفصيل", 401: "مفتاح البحث ناقص", 403: "مفتاح البحث ناقص",
        404: "لا يوجد فهرس", 429: "كثرت عمليات البحث", 500: "خطأ غير متوقع", 503: "مزدحمة أو متوقفة", 504: "طال البحث",
    }  # fmt: skip
    box(page).fill("معرض")
    for code, sentence in sentences.items():
        refusals.status = code
        box(page).press("Enter")
        expect(alert).to_contain_text(sentence)
        expect(box(page)).to_have_value("معرض")
        refusals.status = None
        if code != 400:
            alert.get_by_role("button", name="أعد المحاولة").click()
            expect(alert).to_be_empty()
            expect(results(page)).to_have_count(7)


def test_another_try_waits_as_long_as_the_service_says(open_page: Open) -> None:
    page = open_page(LINE, "en")
    page.clock.install(time=0)
    page.clock.pause_at(1)  # or the seconds that the test itself takes would count
    searches: list[Request] = []
    page.on("request", lambda request: searches.append(request) if "/search?" in request.url else None)
    refusals = Refusals(page)
    refusals.status, refusals.headers = 503, {"Retry-After": "30"}
    search(page, "معرض")
    expect(page.get_by_role("alert")).to_contain_text("Trying again by itself in 30 seconds.")
    refusals.status = None
    page.clock.run_for(29_000)
    assert len(searches) == 1
    page.clock.run_for(1_500)
    expect(results(page)).to_have_count(7)
    expect(page.get_by_role("alert")).to_be_empty()
    assert len(searches) == 2


def test_a_search_goes_on_when_the_network_is_back(open_page: Open) -> None:
    page = open_page(LINE)
    page.context.set_offline(True)
    search(page, "معرض")
    expect(page.get_by_role("alert")).to_contain_text("لا اتصال بالشبكة")
    page.context.set_offline(False)
    expect(results(page)).to_have_count(7)


def test_a_site_that_the_service_does_not_allow_gets_a_sentence(open_page: Open) -> None:
    page = open_page(LINE)
    page.goto(page.url.replace("127.0.0.1", "localhost"))
    search(page, "معرض")
    expect(page.get_by_role("alert")).to_contain_text("لا تسمح لهذا الموقع")
