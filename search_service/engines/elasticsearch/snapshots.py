"""Snapshots of generations in a repository of Elasticsearch.

A snapshot holds one generation as it was at one moment; the cluster makes and restores it. Its metadata says of which
index it is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError

from search_service.core.errors import EngineFault, InvalidParameter, UnreadableSource
from search_service.core.index_name import IndexName
from search_service.core.message import message

SETTING = "ELASTICSEARCH_SNAPSHOT_REPOSITORY"

METADATA = "arabic_search"
"""The key of our metadata in that of a snapshot."""

POLL_SECONDS = 0.5
"""Time between two looks at a snapshot that is made or restored: a small one takes less than a second."""

STALLED_SECONDS = 60.0
"""Time after which a restore has failed if a shard failed and none is being restored: a shard is tried five times."""


class Snapshots:
    """Makes and restores snapshots in one repository.

    Args:
        repository: its name; empty if none is set.
    """

    def __init__(self, client: Elasticsearch, repository: str) -> None:
        self._client = client
        self._repository = repository

    def create(self, name: str, index: IndexName, generation: str) -> None:
        """Make a snapshot of a generation and wait until it is complete.

        Raises:
            InvalidParameter: there is no such repository, the name is not valid, or there is such a snapshot already.
            EngineFault: a part of it failed.
        """
        with self._repository_errors():
            if self._find(name):
                raise InvalidParameter("file", "path-exists", path=name)
            try:
                self._client.snapshot.create(
                    repository=self._repository, snapshot=name, indices=[generation], include_global_state=False,
                    feature_states=["none"], metadata={METADATA: {"index": index}}, wait_for_completion=False,
                )  # fmt: skip
            except BadRequestError as error:
                raise InvalidParameter("file", "snapshot-refused", value=name, reason=_reason(error)) from error
            while (found := self._find(name)) and found["state"] in ("IN_PROGRESS", "STARTED"):
                time.sleep(POLL_SECONDS)
            if found is None or found["state"] != "SUCCESS":
                reason = f"the snapshot {name} is {found['state'] if found else 'gone'}"
                raise EngineFault("engine-fault", address="", status=500, reason=reason)

    def describe(self, name: str) -> tuple[IndexName, str]:
        """Return of which index a snapshot is, and the name of the generation.

        Raises:
            UnreadableSource: there is none, it is not complete, or this service did not make it.
        """
        with self._repository_errors():
            found = self._find(name)
        if found is None:
            raise UnreadableSource("snapshot-missing", name=name, repository=self._repository)
        if found["state"] != "SUCCESS":
            problem = message("snapshot-incomplete", state=str(found["state"]))
            raise UnreadableSource("backup-damaged", path=name, problem=problem)
        try:
            [generation] = found["indices"]
            return IndexName(str(found["metadata"][METADATA]["index"])), str(generation)
        except (KeyError, TypeError, ValueError, InvalidParameter):
            raise UnreadableSource("not-a-backup", path=name) from None

    def start_restore(self, name: str, generation: str, new: str) -> None:
        """Begin to restore a generation from a snapshot under a new name, without its aliases."""
        with self._repository_errors():
            self._client.snapshot.restore(
                repository=self._repository, snapshot=name, indices=[generation], include_aliases=False,
                include_global_state=False, rename_pattern=".+", rename_replacement=new, wait_for_completion=False,
                feature_states=["none"],
            )  # fmt: skip

    def wait_for_restore(self, name: str, new: str) -> None:
        """Wait until all primary shards of a restored generation are there. Raises UnreadableSource if one fails."""
        progress = time.monotonic()
        while True:
            health = self._client.cluster.health(index=new, level="indices")
            if health["active_primary_shards"] == health["indices"][new]["number_of_shards"]:
                return
            # Yellow does not mean that it can be read: so is a restored primary that no node has begun to copy.
            if health["initializing_shards"] or health["status"] != "red":
                progress = time.monotonic()
            elif time.monotonic() - progress > STALLED_SECONDS:
                raise UnreadableSource("backup-damaged", path=name, problem=message("snapshot-shard-failed"))
            time.sleep(POLL_SECONDS)

    def _find(self, name: str) -> dict[str, Any] | None:
        try:
            answer = self._client.snapshot.get(repository=self._repository, snapshot=name, ignore_unavailable=True)
        except BadRequestError as error:
            raise InvalidParameter("file", "snapshot-refused", value=name, reason=_reason(error)) from error
        found: list[dict[str, Any]] = answer["snapshots"]
        return found[0] if found else None

    @contextmanager
    def _repository_errors(self) -> Iterator[None]:
        """Say which repository is missing."""
        if not self._repository:
            raise InvalidParameter(SETTING, "repository-required")
        try:
            yield
        except NotFoundError as error:
            if "repository" not in str(error):
                raise
            raise InvalidParameter(SETTING, "repository-missing", repository=self._repository) from error


def _reason(error: ApiError) -> str:
    try:
        return str(error.body["error"]["reason"])
    except (KeyError, TypeError):
        return str(error)
