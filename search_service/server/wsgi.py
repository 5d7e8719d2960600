"""The application as gunicorn loads it: `gunicorn --config python:search_service.server.configuration`."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping

from flask import Flask

from index_config.errors import ConfigError
from search_service.access.guarded_indexes import guarded
from search_service.admin.job_files import JobFiles
from search_service.admin.jobs import JobService
from search_service.api.admission import Admission
from search_service.config.settings import Settings
from search_service.core.crash import report_crash
from search_service.core.errors import SearchServiceError
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine
from search_service.messages.rendering import FrontEnd, render
from search_service.search.cursors import Cursors
from search_service.search.service import SearchService
from search_service.server.access import access_control
from search_service.server.applier import ApplierProcess
from search_service.server.cursor_secret import cursor_secret
from search_service.server.job import start_process
from search_service.web.app import create_app as create_web_app
from search_service.web.site_file import LoadedSite, load_site

logger = logging.getLogger(__name__)

CONFIGURATION = "--config python:search_service.server.configuration"
"""The option with which gunicorn serves this application."""

WORKER_BOOT_ERROR = 3
"""The exit status of a worker that can never start; with any other, gunicorn restarts it for ever."""

CONCURRENT: Mapping[str, int] = {"embedded": 1, "elasticsearch": 2}
"""Requests in progress in each process, by engine; `benchmarks/overload.py` measures it.

With the embedded engine a search computes all the time: two in one process took as long together as one after the
other, and made refusals and health checks wait. At twice the capacity of two cores, with 2 in the queue, the p99 was
2.1 to 3.9 times that without load, and with 2 in progress 6.5 times. With Elasticsearch a process waits most of the
time. For a node on two cores, 2 were right (2.8 times; 4 and a queue of 4: 7 to 12 times); more cores have work for
more.
"""


def create_app() -> Flask:
    """Build the application from the environment; indexes are opened at the first request, in each worker.

    A wrong setting ends the process with one line: what is wrong, and what is allowed. So does an unexpected error.
    """
    try:
        settings = Settings.from_environment(os.environ)
        applier = ApplierProcess(settings.index_dir)
        engine = guarded(make_engine(settings, applier.wake))
        service = SearchService(engine, cursors=Cursors(cursor_secret(settings)))
        control = access_control(settings)
        path = settings.path_of_site
        site = load_site(path) if path else LoadedSite()
    except (SearchServiceError, ConfigError) as error:
        text = render(error, FrontEnd.COMMAND_LINE) if isinstance(error, SearchServiceError) else str(error)
        print(f"Error: {text}", file=sys.stderr, flush=True)
        sys.exit(WORKER_BOOT_ERROR)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of tantivy is no Exception, and gunicorn would restart the worker for ever
        report_crash(error)
        sys.exit(WORKER_BOOT_ERROR)
    if settings.engine == "embedded":
        applier.keep_running(lambda: settings.loopback_admin or settings.path_of_keys.exists())  # else nobody may write
    if "gunicorn.arbiter" in sys.modules and "search_service.server.worker" not in sys.modules:
        logger.warning("gunicorn runs without %s, and slow clients can stop it", CONFIGURATION)
    return create_web_app(
        service,
        IndexName(settings.default_index),
        settings.request_timeout,
        _admission(settings),
        control,
        settings.cors_origins,
        settings.max_document_bytes,
        JobService(JobFiles(settings.path_of_jobs), start_process),
        site,
    )


def _admission(settings: Settings) -> Admission:
    """Return the admission control of a process."""
    return Admission(settings.max_concurrent_searches or CONCURRENT[settings.engine], settings.max_queued_searches)
