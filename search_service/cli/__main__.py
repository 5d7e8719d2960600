"""Runs the command line: `arabic-search`, or `python -m search_service.cli`."""

from __future__ import annotations

import sys

from search_service.core.crash import UNEXPECTED, report_crash


def run() -> None:
    """Run a command and end the process with its status; an error that nobody foresaw ends it with 70, never with 1.

    The commands are imported here, so that a broken installation is such an error, too.
    """
    try:
        from search_service.cli.main import main

        main(prog_name="arabic-search")
    except KeyboardInterrupt:
        sys.exit(130)  # as in exit_codes, which may not be loaded yet
    except SystemExit:
        raise
    except BaseException as error:  # a panic of tantivy is no Exception
        report_crash(error)
        sys.exit(UNEXPECTED)


if __name__ == "__main__":
    run()
