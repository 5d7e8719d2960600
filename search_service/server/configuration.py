"""The configuration of gunicorn: `gunicorn --config python:search_service.server.configuration`.

`arabic-search serve` reads the same module, so there is one configuration, whichever command starts the server. Each
variable is a setting of gunicorn under gunicorn's name; the command line of gunicorn overrides it.
"""

from __future__ import annotations

import os
from pathlib import Path

wsgi_app = "search_service.wsgi:create_app()"
"""The application, which each worker builds for itself after the fork."""

workers = 2
"""Processes. One per core: a search computes, and Python computes on one core per process."""

worker_class = "search_service.server.worker.Worker"
"""gunicorn's worker with threads, in which a slow client costs a socket and no thread."""

threads = 256
"""Threads of a worker, created when they are needed. They only wait: `Admission` bounds the searches in progress and in
the queue (by default 1 and 2). Others read bodies (at most 64), refuse requests, answer health checks and send answers.
With gunicorn's usual few threads, the queue of its pool would be the unbounded queue that admission avoids."""

worker_connections = 1000
"""Open connections of a worker; more wait in the backlog. An idle one costs some kilobytes. The worker raises the limit
of open files where it may, and takes fewer connections where it may not."""

keepalive = 10
"""Seconds that a connection may wait for a request, and that its head may take to arrive: a packet or a few, for which
the worst mobile networks take a second or two. It needs no thread meanwhile. With gunicorn's 2 seconds, a connection
would often close just when a reverse proxy uses it again."""

timeout = 30
"""Seconds after which a worker whose main loop hangs is killed. Searches run in other threads and have their own
deadline, so this catches a deadlock or an extension that does not release the interpreter."""

graceful_timeout = 30
"""Seconds that a stopping worker leaves to requests in progress. docker-compose.yml allows five more."""

limit_request_line = 8190
"""Bytes of the request line, the most that gunicorn accepts: 1,000 Arabic letters are 6,000 bytes when they are
percent-encoded. Letters that are sent raw count as two bytes each."""

limit_request_fields = 64
"""Header fields of a request. A browser behind two proxies sends some 30."""

limit_request_field_size = 8190
"""Bytes of a header field. The whole head may have `MAX_HEAD_BYTES`, as the worker says."""

forwarder_headers = ""
"""Header fields that set `SCRIPT_NAME` and `PATH_INFO`: none. A client on the same machine, or behind a proxy that
passes them on, could make requests fail."""

http_parser = "python"
"""The parser that `search_service.server.requests` extends; another one is used if it happens to be installed."""

loglevel = "warning"
"""Starts and stops are not logged, requests only where the access log is switched on."""

logger_class = "search_service.server.logs.Logger"
"""gunicorn's logger; it escapes control characters in everything that is logged."""

_MEMORY = Path("/dev/shm")
worker_tmp_dir = str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None
"""The folder of the file that a worker touches as its heartbeat: in memory, because a slow disk would block the worker,
and gunicorn would kill it. Linux has this folder also in a container with a read-only file system."""

control_socket_disable = True
"""Newer versions open a control socket in the home folder; a second server would replace that of the first."""
