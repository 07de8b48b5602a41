"""`python -m oppcli.speech` brings the catalogues up to date with the texts of the program and compiles them; with
`--check` it changes nothing, and ends with 1 where a text is not translated, stale or has other places for values."""

import sys

from oppcli.speech.catalogues import FOLDER, State, compiled, states, written


def main(words: list[str]) -> int:
    """What is to be done stands on stdout, a line each."""
    found = states()
    lines = [line for state in found for line in state.complaints()]
    if "--check" in words:
        lines += [f"{s.domain}.po: not in order: python -m oppcli.speech" for s in found if not _in_order(s)]
        print("\n".join(lines) or "everything is translated")  # noqa: T201
        return 1 if lines else 0
    for state in found:
        (FOLDER / f"{state.domain}.po").write_bytes(written(state))
        (FOLDER / f"{state.domain}.mo").write_bytes(compiled(state))
        missing = len(state.untranslated)
        print(f"{state.domain}.po: {len(state.translated)} texts, {missing} not translated")  # noqa: T201
    print("\n".join(line for line in lines if "not translated" not in line))  # noqa: T201
    return 0


def _in_order(state: State) -> bool:
    path = FOLDER / f"{state.domain}.po"
    return path.exists() and path.read_bytes() == written(state)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
