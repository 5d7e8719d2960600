"""English sentences about indexes, engines, partial results and checks of an index."""

from __future__ import annotations

from collections.abc import Callable, Mapping

RENAME_OR_REMOVE = "choose another name, or remove it with the program that created it"


def _unknown_index(*, index: str, known: str | None = None, place: str = "") -> str:
    existing = "no index exists yet" if known == "none" else f"existing indexes: {known}"
    existing = f"the folder {place} (INDEX_DIR) does not exist" if place else existing
    return f"There is no index {index!r}{'' if known is None else f'; {existing}'}"


def _writer_busy(*, index: str, pid: int | None, host: str, work: str, since: str) -> str:
    holder = f"pid {pid}" if pid else "its pid is not known yet"
    holder += f" on {host}" if host else ""
    holder += f", {work} since {since}" if work else ""
    return f"Another writer holds the index {index!r} ({holder}); wait until it has finished"


def _all_rejected(*, index: str, count: int, place: str, reasons: str, hint: str | None) -> str:
    see = f", see {place}" if place else ""
    nothing = f"No document to rebuild {index!r} from: all {count:,} were rejected{see}; the index is unchanged"
    return f"{nothing}. {reasons}{f'. Hint: {hint}' if hint else ''}"


def _wrong_count(*, count: int, low: int, high: int) -> str:
    expected = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"The new generation holds {count:,} documents, and {expected} were written to it"


def _document_not_found(*, id: str, words: str) -> str:
    by = "its id" if words == "none" else f"any of its words {words}"
    return f"The new generation does not find the document {id!r} by {by}"


def _index(index: str) -> str:
    return f"The index {index!r}" if index else "The index"


def _elasticsearch(address: str) -> str:
    return f"Elasticsearch at {address}" if address else "Elasticsearch"


def _unreachable(*, address: str, reason: str, setting: str) -> str:
    return f"{_elasticsearch(address)} cannot be reached ({reason}); check {setting}, and that it runs"


def _of_index(index: str) -> str:
    return f" of the index {index!r}" if index else ""


def _in(place: str) -> str:
    return f" in {place} (INDEX_DIR)" if place else ""


def _permission_missing(*, index: str, user: str, place: str) -> str:
    what = place or f"The files{_of_index(index)}"
    return f"{what}: permission denied; the user {user!r} must be able to read it, and to write it to change an index"


def _because(reason: str) -> str:
    """Return a reason in brackets; a page without a title gives none."""
    return f" ({reason})" if reason else ""


def _not_elasticsearch(*, address: str, reason: str) -> str:
    page = f"a page with the title {reason!r}" if reason else "a page without a title"
    return f"{address or 'The server'} did not answer as Elasticsearch ({page}); check ELASTICSEARCH_URL"


def _timeout(*, address: str) -> str:
    return (
        f"{_elasticsearch(address)} did not answer in time; try again, or raise the time limit (ELASTICSEARCH_TIMEOUT)"
    )


def _differs(*, count: int, paths: str) -> str:
    return f"{count} differ from the compiled configuration: {paths}"


def _copies_lost(*, count: int, shard: int) -> str:
    return f"{'1 copy' if count == 1 else f'{count} copies'} of shard {shard} {'is' if count == 1 else 'are'} missing"


def _version_too_old(*, version: str, needed: int) -> str:
    return f"Elasticsearch {version}; {needed} is needed"


INDEXES: Mapping[str, str | Callable[..., str]] = {
    "unknown-index": _unknown_index,
    "unknown-document": "The index {index!r} has no document {id!r}",
    "index-has-other-schema": (
        "Index {index!r} exists with another schema (its own is {schema!r}); it is unchanged: choose another name, "
        "or rebuild it with the other schema"
    ),
    "other-configuration": (
        "Index {index!r} was built with another configuration; rebuild it: arabic-search reindex {index} --from-stored"
    ),
    "other-schema": (
        "Index {index!r} was built with a different version of schema {schema!r}; "
        "rebuild it: arabic-search reindex {index} SOURCE (or --from-stored)"
    ),
    "unreadable-schema": (
        "Index {index!r} was built with a schema that this version cannot read ({reason}); "
        "rebuild it: arabic-search reindex {index} --from-stored --schema SCHEMA"
    ),
    "alias-of-several": "{index!r} is an alias of several indexes ({names}); " + RENAME_OR_REMOVE,
    "filtered-alias": "{index!r} is an alias with a filter or routing; " + RENAME_OR_REMOVE,
    "foreign-index": "{index!r} is an Elasticsearch index that this service did not create; " + RENAME_OR_REMOVE,
    "writer-busy": _writer_busy,
    "unknown-job": "The index {index!r} has no job {id!r}; a job is kept for a month, and no more than 20 are",
    "job-running": "The job {id} works at the index {index!r}; wait until it has ended, or cancel it",
    "job-killed": "The process of the job was killed; the index is as it was before. Start the job again",
    "job-interrupted": (
        "The process of the job was asked to end, as when its machine stops; the index is as it was before. "
        "Start the job again"
    ),
    "no-older-generation": "Index {index!r} cannot be rolled back: no generation older than {generation} is kept",
    "generation-of-other-configuration": (
        "Index {index!r} cannot be rolled back: {generation} was built with another configuration"
    ),
    "lease-lost": "The lease of {index!r} expired: this process did not renew it in time; start the rebuild again",
    "merge-failed": "The segments could not be merged: {reason}",
    "merge-lost": "The Elasticsearch node that merged the segments has stopped; start the rebuild again",
    "wrong-count": _wrong_count,
    "copy-differs": (
        "The index holds {expected:,} documents and its copy {count:,}: another program deleted some during the copy; "
        "copy the index again"
    ),
    "document-not-found": _document_not_found,
    "all-rejected": _all_rejected,
    "sources-empty": "No document to rebuild {index!r} from: the sources are empty; the index is unchanged",
    "index-damaged": (
        "Index {index!r} is damaged: {problem}; restore a backup (arabic-search restore FILE {index} --replace), "
        "or rebuild it (arabic-search reindex {index} SOURCE)"
    ),
    "repository-required": (
        "{parameter} is not set: register a snapshot repository in Elasticsearch (PUT _snapshot/NAME), and set the name"
    ),
    "repository-missing": (
        "{parameter}: Elasticsearch has no snapshot repository {repository!r}; register it (PUT _snapshot/{repository})"
    ),
    "snapshot-refused": "{parameter}: {value!r} is not a name of a snapshot ({reason})",
    "snapshot-missing": "The repository {repository!r} has no snapshot {name!r}",
    "snapshot-incomplete": "it is not complete ({state})",
    "snapshot-shard-failed": "Elasticsearch cannot restore a shard of it",
    "index-exists": (
        "{index!r} exists; restore it under another name (arabic-search restore FILE NAME), or add {parameter}"
    ),
    "path-exists": "{parameter}: {path} exists; choose another name",
    "backup-not-readable": "The backup {path} cannot be read ({reason})",
    "not-a-backup": "{path} is not a backup of an index",
    "backup-of-other-version": "The backup {path} was written by another version, whose format this one does not know",
    "backup-damaged": "The backup {path} is damaged: {problem}; nothing was changed",
    "backup-cut-short": "its end is missing",
    "backup-unreadable": "{reason}",
    "backup-file-changed": "{file} differs from its checksum",
    "backup-member-refused": "it contains {file!r}, which no backup has",
    "backup-of-other-configuration": (
        "The backup was built with another configuration, and would replace {index!r}, which can be searched; restore "
        "it under another name, and rebuild that: arabic-search restore FILE NAME; arabic-search reindex NAME "
        "--from-stored"
    ),
    "change-queue-damaged": "its file {file}, which holds the most recent changes, is damaged",
    "index-file-missing": "its file {file} is missing",
    "index-file-changed": "its file {file} was changed after it was written",
    "index-file-cut-short": "the end of its file {file} is missing",
    "index-file-unreadable": "the disk cannot read its file {file} ({reason})",
    "generation-damaged": "Index {index!r} cannot be rolled back: {generation} is damaged",
}
"""Errors of an index, or of a change to it."""


ENGINES: Mapping[str, str | Callable[..., str]] = {
    "engine-unreachable": _unreachable,
    "engine-timeout": _timeout,
    "engine-answer-unreadable": "The response of Elasticsearch cannot be read: it is truncated or corrupt",
    "engine-overloaded": lambda *, address, reason: (
        f"{_elasticsearch(address)} is overloaded{_because(reason)}; try again in a moment"
    ),
    "changes-busy": "Other processes are just changing {index!r}; try again in a moment",
    "changes-waiting": (
        "{limit:,} changes of {index!r} wait to be applied; "
        "try again when the load or rebuild that holds the index has ended"
    ),
    "engine-unavailable": lambda *, address, reason: (
        f"{_elasticsearch(address)} is not available{_because(reason)}; try again in a moment"
    ),
    "not-elasticsearch": _not_elasticsearch,
    "credentials-refused": lambda *, address: (
        f"{_elasticsearch(address)} does not accept the service's credentials; "
        "set ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD"
    ),
    "access-denied": lambda *, address, reason: (
        f"{_elasticsearch(address)} denies the service a privilege that it needs{_because(reason)}"
    ),
    "engine-fault": lambda *, address, status, reason: (
        f"{_elasticsearch(address)} answered with status {status} ({reason})"
    ),
    "index-closed": lambda *, index: (
        f"{_index(index)} is closed in Elasticsearch; open it with the program that closed it"
    ),
    "index-read-blocked": lambda *, index, reason: f"{_index(index)} has a read block in Elasticsearch ({reason})",
    "index-read-only": lambda *, index, reason: (
        f"{_index(index)} rejects writes, most often because the disk is full ({reason})"
    ),
    "shards-missing": "Only {count} of {total} shards of {index!r} answer",
    "shard-missing": "A shard of {index!r} does not answer ({reason})",
    "no-shard-answers": "Index {index!r} cannot be searched: {degraded}",
    "not-explained": "The score of {id!r} cannot be explained: {degraded}",
    "writer-closed": "This writer is closed; open another one",
    "commit-failed": "Writing the index failed: {reason}",
    "engine-panic": (
        "The engine failed, although the files of the index {index!r} are intact; this is a bug, and the log has more"
    ),
    "disk-full": lambda *, index, reason, place: (
        f"No space is left for the files{_of_index(index)}{_in(place)} ({reason}); what was committed is kept. "
        "Free some space, and start the command again"
    ),
    "disk-read-only": lambda *, index, place: (
        f"The files{_of_index(index)}{_in(place)} cannot be written: the file system is mounted read-only"
    ),
    "disk-failed": lambda *, index, reason, place: f"The files{_of_index(index)}{_in(place)} cannot be used ({reason})",
    "permission-missing": _permission_missing,
    "jobs-unwritable": lambda *, reason, place: (
        f"The files of jobs{_in(place)} cannot be read or written{_because(reason)}"
    ),
    "job-not-started": "No process can be started for the job ({reason}); try again later",
    "process-limit-reached": "The process cannot open more files or start more threads ({reason}); raise its limits",
    "no-temporary-folder": "There is no folder for temporary files ({reason}); mount /dev/shm, or set TMPDIR",
}
"""Errors of an engine."""


DEGRADED: Mapping[str, str | Callable[..., str]] = {
    "shards-unanswered": "{count} of {total} shards did not answer",
    "search-cut-short": "the search reached its time limit and was cut short",
    "shard-lost": "shard {shard} is missing with all of its copies",
    "copies-lost": _copies_lost,
    "no-master": "the cluster has no master, so nothing can be written",
    "shards-not-counted": "{count} of {total} shards are missing, and their documents are not counted",
}
"""What is missing from a response or an index."""


CHECKS: Mapping[str, str | Callable[..., str]] = {
    "fingerprint-current": "{fingerprint} (current configuration)",
    "fingerprint-differs": (
        "{fingerprint} (another configuration); rebuild it: arabic-search reindex {index} --from-stored"
    ),
    "changes-none": "no acknowledged change waits to be applied",
    "changes-wait": "{count:,} acknowledged changes wait to be applied",
    "changes-failed": (
        "{count:,} acknowledged changes could not be applied and are set aside: {shown}; send the documents again, or: "
        "arabic-search changes retry {index}"
    ),
    "change-of": "document {id!r} ({reason})",
    "change-failed": "the engine does not take it: {reason}",
    "change-ended-process": "the process that applies changes ended each time it tried to apply this change",
    "files-intact": "as they were written ({count} files and the metadata compared with their checksums)",
    "segments-intact": (
        "as they were written ({count} files compared with their checksums; the list of segments has no checksum: a "
        "writer is open or was killed, or an earlier version wrote the index)"
    ),
    "version-supported": "Elasticsearch {version}",
    "version-too-old": _version_too_old,
    "shards-complete": "all assigned",
    "shards-degraded": "{degraded}",
    "as-compiled": "as compiled",
    "differs-from-compiled": _differs,
    "writes-accepted": "accepted",
    "writes-blocked": "blocked: {blocks}; remove the block after its cause is fixed",
    "tokens-equal": "equal to the service's own ({count} texts compared)",
    "tokens-differ": "differ from the service's own: {texts}",
    "documents-found": "found all {count} sampled documents",
    "document-found": "a search for its words finds document {id!r}",
    "document-missed": "a search for its words does not find document {id!r}",
    "index-empty": "the index is empty",
}
"""Results of the checks of an index."""
