"""Which language is spoken here, and which flags the commands repeat that are printed."""

import os
from typing import TYPE_CHECKING

from oppcli.errors import OppError
from oppcli.speech import Voice, repeated

if TYPE_CHECKING:
    from oppcli.cli.surroundings import Surroundings


def voice(opp: "Surroundings") -> Voice:
    """Whom this command line answers: printed commands repeat its flags, and not the environment."""
    flags = opp.flags
    if "://" in str(flags.get("db", "")):
        from oppcli.store.locations import shown  # a password is never printed

        flags = {**flags, "db": shown(str(flags["db"]))}
    return Voice(repeated(flags), _language(opp))


def _language(opp: "Surroundings") -> str:
    """As asked for by flag, variable or configuration; that of the policy; that of the machine's locale; English."""
    from oppcli.config.machine import locale_language

    try:
        asked, db = opp.settings.lang, opp.db
    except OppError:  # which is about to be told
        from oppcli.config import language_at_hand

        asked, db = language_at_hand(opp.flags, os.environ), ""
    return asked or _of_policy(opp, db) or locale_language(os.environ)


def _of_policy(opp: "Surroundings", db: str) -> str:
    """The language of the policy. Where no door was opened yet a file is looked into, and no server."""
    if opp.language is None and db:
        from oppcli import store

        opp.language = store.language_of(db)
    return opp.language or ""
