"""The logs of a server process: gunicorn's, and one handler for all other loggers."""

from __future__ import annotations

import logging
import sys
from typing import Any

from gunicorn import glogging  # type: ignore[import-untyped]

from search_service.core.logs import EscapeFilter

_FORMAT = "%(asctime)s [%(process)d] [%(levelname)s] %(message)s"
_DATE_FORMAT = "[%Y-%m-%d %H:%M:%S %z]"


class Logger(glogging.Logger):  # type: ignore[misc]
    """gunicorn's logger for errors and accesses, and one handler for all other loggers of the process."""

    def setup(self, cfg: Any) -> None:
        """Set the handlers up as gunicorn does, then add the filter to each."""
        super().setup(cfg)
        root = logging.getLogger()
        add_handler(root)
        for logger in (root, self.error_log, self.access_log):
            for handler in logger.handlers:
                if not any(isinstance(one, EscapeFilter) for one in handler.filters):
                    handler.addFilter(EscapeFilter())


def add_handler(logger: logging.Logger) -> None:
    """Let a logger write to standard error, unless it writes anywhere yet."""
    if not logger.handlers:
        output = logging.StreamHandler(sys.stderr)
        output.setFormatter(logging.Formatter(_FORMAT, _DATE_FORMAT))
        output.addFilter(EscapeFilter())
        logger.addHandler(output)
