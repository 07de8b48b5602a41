"""`opp` and `python -m oppcli`: answer what needs no command tree at once, hand everything else to `cli.app`."""

import gc
import os
import sys

OBJECTS = 100_000
"""Made between two searches for circular garbage: more than an everyday command makes, so that none is spent on it; a
long run still searches."""


def main() -> int:
    """Run the command line and return the exit code."""
    gc.set_threshold(OBJECTS, 50, 100)
    try:
        return _answered(sys.argv[1:])
    except KeyboardInterrupt:  # before the command line was read, or while its end was told
        print("Nothing was written.", file=sys.stderr)  # noqa: T201
        return 130


def leave() -> None:
    """Run the command line and end the process. All was told and closed: what Python would take apart now, module by
    module, is a thirtieth of a command. Only where a thread still runs does it get the time to end."""
    code = main()
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
