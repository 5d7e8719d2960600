"""The application as gunicorn loads it: `gunicorn 'search_service.wsgi:create_app()'`."""

from __future__ import annotations

import os
import sys

from flask import Flask

from index_config.errors import ConfigError
from search_service.config.settings import Settings
from search_service.core.crash import report_crash
from search_service.core.errors import SearchServiceError
from search_service.core.index_name import IndexName
from search_service.engines.factory import make_engine, make_resources
from search_service.messages.rendering import FrontEnd, render
from search_service.search.service import SearchService
from search_service.web.app import create_app as create_web_app

WORKER_BOOT_ERROR = 3
"""The exit status of a worker that can never start; with any other, gunicorn restarts it for ever."""


def create_app() -> Flask:
    """Build the application from the environment; indexes are opened at the first request, in each worker.

    A wrong setting ends the process with one line: what is wrong, and what is allowed. So does an unexpected error.
    """
    try:
        settings = Settings.from_environment(os.environ)
        engine = make_engine(settings)
        service = SearchService(engine, make_resources(settings, engine.searcher.analysis))
    except (SearchServiceError, ConfigError) as error:
        text = render(error, FrontEnd.COMMAND_LINE) if isinstance(error, SearchServiceError) else str(error)
        print(f"Error: {text}", file=sys.stderr, flush=True)
        sys.exit(WORKER_BOOT_ERROR)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of tantivy is no Exception, and gunicorn would restart the worker for ever
        report_crash(error)
        sys.exit(WORKER_BOOT_ERROR)
    return create_web_app(service, IndexName(settings.default_index), settings.request_timeout)
