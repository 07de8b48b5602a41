"""SHA-256, from the lightest module that has it.

`hashlib` loads OpenSSL, 3 ms of the 50 that an everyday command has; CPython carries the same function in a module of
its own. OpenSSL is twice as fast, so whoever is about to digest much says so.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

MUCH = 1 << 20
"""Bytes from which on loading OpenSSL is worth its time."""
SHORTEST = 16
"""Digits of a hash that name an entry: with fewer, another could be made to fit."""


def _lightest() -> Callable[..., Any]:
    for name in ("_sha256", "_sha2", "hashlib"):  # CPython 3.11; 3.12 and newer; any other
        try:
            found: Callable[..., Any] = import_module(name).sha256
        except (ImportError, AttributeError):
            continue
        return found
    raise ImportError("no SHA-256")


_sha256 = _lightest()


def sha256(data: bytes) -> str:
    """The digest in hexadecimal."""
    digest: str = _sha256(data).hexdigest()
    return digest


def raw(data: bytes) -> bytes:
    """The digest as it is, 32 bytes."""
    digest: bytes = _sha256(data).digest()
    return digest


def begun(size: int) -> Any:
    """A digest to be fed in portions, about `size` bytes in all."""
    if size > MUCH:
        expect_much()
    return _sha256()


def expect_much() -> None:
    """Load OpenSSL for the digests to come; they are the same ones."""
    global _sha256  # noqa: PLW0603 - which implementation answers, never what it answers
    _sha256 = import_module("hashlib").sha256
