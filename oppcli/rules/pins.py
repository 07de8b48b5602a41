"""PINs: what one may be, how it is checked, and the key of the marks that only it gives. No dice: salts are given.

K = scrypt(PIN after NFKC, salt, n 2^15, r 8, p 1, 64 bytes). Its first half is checked (by its SHA-256, which alone is
stored), its second half marks entries (HMAC-SHA256) and is stored nowhere. A one-time code is checked the same way.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from unicodedata import normalize

from oppcli.errors import UsageError
from oppcli.model.said import say
from oppcli.model.units import HOUR_MS, MINUTE_MS

SHORTEST, LONGEST = 6, 128
COST, BLOCK, LENGTH = 2**15, 8, 64
MEMORY = 64 * 2**20
"""scrypt takes 128 · COST · BLOCK bytes, 32 MiB, and OpenSSL no more than it is told."""
SALT_BYTES = 16
CODE_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without l and o, which look like 1 and 0."""
CODE_LENGTH = 10
CODE_MS = 24 * HOUR_MS
GUESSES, WINDOW_MS = 5, 15 * MINUTE_MS
"""So many wrong ones within this time, and none is looked at for as long."""


def require_fit(pin: str, login: str) -> None:
    """Refuse a PIN that is too short or long, one character repeated, a run (567890), or that holds the login."""
    text = normalize("NFKC", pin)
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    around = {(int(after) - int(before)) % 10 for before, after in pairwise(text)} if text.isdecimal() else set()
    if not SHORTEST <= len(text) <= LONGEST:
        raise UsageError(say("a PIN has {least} to {most} characters", least=SHORTEST, most=LONGEST))
    if steps == {0}:
        raise UsageError(say("a PIN is not one character again and again"))
    if steps in ({1}, {-1}) or around in ({1}, {9}):
        raise UsageError(say("a PIN is not a run of characters, as 123456 is"))
    if normalize("NFKC", login).casefold() in text.casefold():
        raise UsageError(say("a PIN does not hold the login"))


def stretched(text: str, salt: str) -> bytes:
    """K of a PIN or code. `salt` is hexadecimal."""
    from hashlib import scrypt

    typed = normalize("NFKC", text).encode("utf-8", "surrogateescape")
    return scrypt(typed, salt=bytes.fromhex(salt), n=COST, r=BLOCK, p=1, dklen=LENGTH, maxmem=MEMORY)


def code_typed(text: str) -> str:
    """A one-time code however it was typed: capitals and blanks do not matter."""
    return "".join(text.split()).casefold()


def verifier(key: bytes) -> str:
    """What is stored of K."""
    from hashlib import sha256

    return sha256(key[:32]).hexdigest()


def fits(key: bytes, stored: str | None) -> bool:
    """Whether K is the one whose verifier was stored."""
    from hmac import compare_digest

    return stored is not None and compare_digest(verifier(key), stored)


def marker(secret: bytes) -> Callable[[str], str]:
    """Makes the mark of an entry's text; `secret` is the second half of K."""
    from hmac import digest

    return lambda text: digest(secret, text.encode("utf-8", "replace"), "sha256").hex()


def wrapped(secret: bytes, after: bytes) -> bytes:
    """The secret of a PIN under that of the PIN `after` it; applied again, it is the secret once more. It keeps older
    marks checkable for who knows the PIN of now, and for nobody else."""
    from hmac import digest

    pad = digest(after, b"earlier", "sha256")
    return bytes(one ^ other for one, other in zip(secret, pad, strict=True))


def secrets(key: bytes, earlier: Sequence[str]) -> list[bytes]:
    """The secrets of the PIN whose K this is and of those before it, newest first."""
    found = [key[32:]]
    for text in earlier:
        found.append(wrapped(bytes.fromhex(text), found[-1]))
    return found


def locked_until(refused: Sequence[int], now: int) -> int | None:
    """Until when no PIN is looked at, after the newest refusals (newest first); None where one is."""
    newest = refused[:GUESSES]
    if len(newest) < GUESSES or newest[0] - newest[-1] > WINDOW_MS or now >= newest[0] + WINDOW_MS:
        return None
    return newest[0] + WINDOW_MS
