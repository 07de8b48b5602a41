"""Keeping text from being run as a formula by a spreadsheet: the rule itself is shared with the import."""

from oppcli.rules.cells import guard, unguard

__all__ = ["guard", "unguard"]
