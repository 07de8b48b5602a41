"""Fixtures of the tests that type command lines."""

import pytest
from kept import Kept


@pytest.fixture(scope="session")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The Chinese demo. Whoever changes it puts it back."""
    return Kept(tmp_path_factory.mktemp("zh"), "zh")
