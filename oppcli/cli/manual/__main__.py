"""Keep man/ current: `python -m oppcli.cli.manual --write`, or `--check` to be told what is stale."""

import sys
from pathlib import Path

from oppcli.cli.manual import FOLDERS, pages

HERE = Path("man")


def main(argv: list[str]) -> int:
    """Write the pages and drop those of what there is no more, or name what differs; run in the project's folder."""
    if argv not in (["--write"], ["--check"]):
        sys.stderr.write("python -m oppcli.cli.manual --write | --check\n")
        return 2
    made = {HERE / folder / name: text for lang, folder in FOLDERS.items() for name, text in pages(lang).items()}
    lying = {path: path.read_text("utf-8") for path in HERE.rglob("*.1")}
    stale = sorted(str(path) for path in made.keys() | lying.keys() if made.get(path) != lying.get(path))
    if argv == ["--check"]:
        sys.stderr.write("".join(f"not current: {path}; run python -m oppcli.cli.manual --write\n" for path in stale))
        return 1 if stale else 0
    for path in lying.keys() - made.keys():
        path.unlink()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
