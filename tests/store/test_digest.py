"""The digest is SHA-256, whichever module computes it."""

import hashlib

from oppcli.model import digest


def test_the_digest_is_that_of_hashlib_before_and_after_much_is_expected() -> None:
    data = "上海精密".encode() * 1000
    assert digest.sha256(data) == hashlib.sha256(data).hexdigest()
    digest.expect_much()
    assert digest.sha256(data) == hashlib.sha256(data).hexdigest()
