"""`opp` and `python -m oppcli`: answer what needs no command tree at once, hand everything else to `cli.app`."""

import _signal  # type: ignore[import-not-found]  # `signal` without its enumerations, which take a millisecond
import gc
import os
import sys


def _stop(number: int, frame: object) -> None:
    """Ctrl-C before there is a command line to interrupt, where Python would print a trace."""
    os.write(2, b"Nothing was written.\n")
    os._exit(130)


HEEDED = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
"""Whether Ctrl-C means anything: a process that was started in the background ignores it."""
if HEEDED:
    _signal.signal(_signal.SIGINT, _stop)

OBJECTS = 100_000
"""Made between two searches for circular garbage: more than an everyday command makes, so that none is spent on it; a
long run still searches."""


ZONES = "/usr/share/zoneinfo"
"""Where most systems keep the tables of time zones. Python, which is not told, looks it up in everything it was built
with, and that takes 4 ms."""


def main() -> int:
    """Run the command line and return the exit code."""
    try:
        if _signal.getsignal(_signal.SIGINT) is _stop:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        gc.set_threshold(OBJECTS, 50, 100)
        if os.path.isdir(ZONES):  # noqa: PTH112  # no `pathlib` before it is known that there is more to do
            os.environ.setdefault("PYTHONTZPATH", ZONES)
        return _answered(sys.argv[1:])
    except KeyboardInterrupt:  # before the command line was read, or while its end was told
        print("Nothing was written.", file=sys.stderr)  # noqa: T201
        return 130


def leave() -> None:
    """Run the command line and end the process. All was told and closed: what Python would take apart now, module by
    module, is a thirtieth of a command. Only where a thread still runs does it get the time to end."""
    code = main()
    if HEEDED:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # what is left has nothing to say
    threading = sys.modules.get("threading")
    if threading is not None and threading.active_count() > 1:
        sys.exit(code)
    os._exit(code)


def _answered(argv: list[str]) -> int:
    if argv[:1] == ["--version"] or argv[:1] == ["__complete"]:
        from oppcli.fastpath import answer

        return _flushed(answer(argv))
    from oppcli.cli.app import run

    return _flushed(run(argv))


def _flushed(code: int) -> int:
    """The exit code, once all was said. Python would end with 120 where a stream cannot take its last words."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        from oppcli.cli.failure import reader_gone

        return reader_gone()
    except OSError:
        from oppcli.cli.failure import silence

        silence()
    return code


if __name__ == "__main__":
    leave()
