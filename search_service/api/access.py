"""Checks each request before anything else does: who asks, how often, and whether it may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Request, Response, g, request

from search_service.access.addresses import Network, client_of, is_loopback
from search_service.access.caller import SERVICE, Caller, set_caller
from search_service.access.key_ring import KeyRing
from search_service.access.keys import Scope
from search_service.access.rate_limits import Quota, RateLimits, check
from search_service.api.operations import operations
from search_service.core.errors import Forbidden, Unauthenticated

SEARCHER = Caller(("search",))
"""A caller without a key, where searching is public."""

NOBODY = Caller(())
"""A caller without a key, where it is not."""

ADMINISTRATOR = Caller(("admin",))
"""A program on the same machine, where the settings trust it."""

PAGES = "page."
"""The beginning of the endpoints of the search page."""

REFERENCE = "reference.docs"
"""The endpoint of the page that describes the HTTP interface."""

SCRIPTS = ("page.embed", "page.bundle", "page.other_version", "page.names")
"""Endpoints of the scripts that other sites embed: browsers load modules without a key. They contain no documents."""

STATIC = (".static", ".site_style", ".site_logo", ".robots")
"""The ends of the endpoints of static files, and of what else every page and crawler loads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessControl:
    """The rules of a service.

    Attributes:
        keys: the keys.
        search_public: whether searching needs no key.
        loopback_admin: whether programs on this machine need no key for anything.
        limits: the rate limits; None for none.
        trusted: the proxies whose `X-Forwarded-For` counts.
    """

    keys: KeyRing
    search_public: bool = True
    loopback_admin: bool = False
    limits: RateLimits | None = None
    trusted: Sequence[Network] = ()

    def caller_of(self, http: Request) -> Caller:
        """Return who sends a request.

        Raises:
            Unauthenticated: it has a key that is not valid.
            KeysUnavailable: keys cannot be checked.
        """
        scheme, _, secret = http.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":  # any other is that of a proxy
            return Caller.of(self.keys.authenticate(secret.strip()))
        if self.loopback_admin and is_loopback(http.remote_addr or "", dict(http.headers)):
            return ADMINISTRATOR
        return SEARCHER if self.search_public else NOBODY

    def hit(self, http: Request, key_id: str) -> tuple[str, Sequence[Quota]]:
        """Count a request; return the name of its policy and what is left of each limit."""
        if self.limits is None:
            return "", ()
        address = client_of(http.remote_addr or "", http.headers.get("X-Forwarded-For", ""), self.trusted)
        return self.limits.hit(key_id, address)


def register(app: Flask, control: AccessControl) -> None:
    """Check every request of an application; call it before others add checks that cost more."""

    @app.before_request
    def check_access() -> None:
        needed = scope_of(app, request.endpoint)
        if request.endpoint is not None and needed is None:
            return
        try:
            caller = control.caller_of(request)
        except Unauthenticated:
            _count(control, "")  # so that keys are not tried out faster than anything else
            raise
        _count(control, caller.key_id)
        if needed is not None:
            authorize(caller, needed)
            set_caller(caller)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in g.pop("rate_limit_headers", {}).items():
            response.headers[name] = value
        return response

    @app.teardown_request
    def forget_caller(_error: BaseException | None) -> None:
        set_caller(SERVICE)


def _count(control: AccessControl, key_id: str) -> None:
    policy, quotas = control.hit(request, key_id)
    if quotas:
        g.rate_limit_headers = rate_limit_headers(policy, quotas)
        check(quotas)


def scope_of(app: Flask, endpoint: str | None) -> Scope | None:
    """Return what a caller of an endpoint must be allowed to do; None if everybody may call it.

    An endpoint that says nothing is for administrators.
    """
    if endpoint is None or endpoint == REFERENCE or endpoint in SCRIPTS or endpoint.endswith(STATIC):
        return None
    operation = operations(app).get(endpoint)
    if operation is not None:
        return operation.scope
    return "search" if endpoint.startswith(PAGES) else "admin"


def authorize(caller: Caller, needed: Scope) -> None:
    """Check that the caller of the current request may do what it asks for.

    Raises:
        Unauthenticated: a key is needed.
        Forbidden: the key does not allow it, or not for the index in the path, or not for all of its documents.
    """
    if not caller.may(needed):
        if not caller.key_id:
            raise Unauthenticated("key-required")
        raise Forbidden("scope-missing", scope=needed)
    if caller.filters and needed != "search":  # a job does not run as its caller, so the guard is not asked
        raise Forbidden("key-has-filter")
    index = (request.view_args or {}).get("index")
    if index is not None:
        caller.require_index(index)


def rate_limit_headers(policy: str, quotas: Sequence[Quota]) -> dict[str, str]:
    """Return the header fields of draft-ietf-httpapi-ratelimit-headers-10.

    >>> from search_service.access.rate_limits import Limit
    >>> rate_limit_headers("address", [Quota(Limit(100, 60), True, 7, 30)])
    {'RateLimit-Policy': '"address";q=100;w=60', 'RateLimit': '"address";r=7;t=30'}
    """
    names = [policy if len(quotas) == 1 else f"{policy}-{one.limit.seconds}" for one in quotas]
    pairs = list(zip(names, quotas, strict=True))
    return {
        "RateLimit-Policy": ", ".join(f'"{name}";q={one.limit.requests};w={one.limit.seconds}' for name, one in pairs),
        "RateLimit": ", ".join(f'"{name}";r={one.remaining};t={one.reset}' for name, one in pairs),
    }
