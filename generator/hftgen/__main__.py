"""The program: `hftgen`, or `python -m hftgen`."""

import os
import signal
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; an interrupt while it is still being imported is no different from a later one."""
    try:
        _open_standard_files()
        _tidy_when_stopped()
        from hftgen.cli.main import cli

        cli(prog_name="hftgen")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _tidy_when_stopped() -> None:
    # Being ended (a CI job that is cancelled, a terminal that closes) is an interrupt like Ctrl-C.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _open_standard_files() -> None:
    # Where a caller closed one (`2>&-`), the next file that we or a worker opens would take its number, and get what is
    # said there.
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


if __name__ == "__main__":
    main()
