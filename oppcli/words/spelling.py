"""What a mistyped word was probably meant to be."""

from collections.abc import Collection, Iterable

from oppcli.model.said import Said, listed, say

ALIKE = 0.75
"""Two words less alike than this are two words, and no slip of the finger."""


def did_you_mean(word: str, among: Iterable[str]) -> str:
    """`, did you mean 'margin'?` when a known word is near, else nothing."""
    near = nearest_word(word, among)
    return say(", did you mean '{near}'?", near=near) if near else ""


def nearest(word: str, among: Iterable[str]) -> str:
    """`; did you mean won?` when a known word is near, else nothing."""
    near = nearest_word(word, among)
    return say("; did you mean {near}?", near=near) if near else ""


def not_one_of(value: object, values: Collection[str]) -> Said:
    """What is wrong with a value that is none of those there are."""
    near = nearest(str(value), values)
    return say("{value!r} is not one of {values}{nearest}", value=value, values=listed(values), nearest=near)


def nearest_word(word: str, among: Iterable[str], *, alike: float | None = None) -> str | None:
    """The known word most like the one typed; None when none is as much `alike` (0 to 1)."""
    near = near_words(word, among, alike=alike, most=1)
    return near[0] if near else None


def near_words(word: str, among: Iterable[str], *, alike: float | None = None, most: int = 3) -> list[str]:
    """The known words like the one typed, the most like it first."""
    from difflib import get_close_matches

    known = [name for name in among if name != word]
    # Chinese names have two or three characters: one wrong character leaves half of the word.
    return get_close_matches(word, known, n=most, cutoff=alike or (0.5 if len(word) < 4 else 0.6))
