"""What is done about a stored value that cannot be read: imported where one comes."""

import re

from oppcli.errors import StoreError
from oppcli.model.command import command
from oppcli.model.said import say


def refused(what: str) -> StoreError:
    return StoreError(
        say("a record cannot be read: {what}", what=what), hint=say("which one: {check}", check=command("db", "check"))
    )


def with_quotes(text: str) -> str:
    """Entries of the first version's imports lack them around the login of an owner whose name it was. They are sealed
    as they are."""
    return re.sub(r'("owner":\[null,)([^\s",{}\[\]]+)\]', r'\1"\2"]', text, count=1)
