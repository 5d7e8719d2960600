"""Builds the access control of a process from its settings."""

from __future__ import annotations

from search_service.access.addresses import networks_of
from search_service.access.key_ring import KeyRing
from search_service.access.rate_limits import Counters, MemoryCounters, RateLimits, limits_of
from search_service.api.access import AccessControl
from search_service.config.settings import Settings


def access_control(settings: Settings) -> AccessControl:
    """Return the access control that the settings describe.

    Raises:
        InvalidParameter: the packages for Redis are missing.
    """
    return AccessControl(
        keys=KeyRing(settings.path_of_keys),
        search_public=settings.search_public,
        loopback_admin=settings.loopback_admin,
        limits=_rate_limits(settings),
        trusted=networks_of(" ".join(settings.trusted_proxies)),
    )


def _rate_limits(settings: Settings) -> RateLimits | None:
    of_addresses, of_keys = limits_of(settings.rate_limit), limits_of(settings.key_rate_limit)
    if not (of_addresses or of_keys):
        return None
    return RateLimits(_counters(settings.rate_limit_storage.get_secret_value()), of_addresses, of_keys)


def _counters(storage: str) -> Counters:
    if not storage:
        return MemoryCounters()
    from search_service.access.redis_counters import RedisCounters  # here: its packages are not always installed

    return RedisCounters(storage)
