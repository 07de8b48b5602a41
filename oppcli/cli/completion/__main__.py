"""Keep completions/ current: `python -m oppcli.cli.completion --write`, or `--check` to be told what is stale."""

import sys
from pathlib import Path

from oppcli.cli.completion import FILES, script


def main(argv: list[str]) -> int:
    """Write the files, or name those that differ; run in the project's folder."""
    if argv not in (["--write"], ["--check"]):
        sys.stderr.write("python -m oppcli.cli.completion --write | --check\n")
        return 2
    stale = []
    for shell, name in FILES.items():
        path, text = Path("completions") / name, script(shell)
        if argv == ["--write"]:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            stale.append(str(path))
    if stale:
        sys.stderr.write(f"not current: {', '.join(stale)}; run python -m oppcli.cli.completion --write\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
