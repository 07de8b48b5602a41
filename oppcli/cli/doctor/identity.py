"""What the names in the journal are worth here."""

import os
from pathlib import Path

from oppcli.cli.context import Context
from oppcli.cli.doctor.finding import Finding, ok, warn
from oppcli.config.machine import guarded
from oppcli.model.journal import CLAIM
from oppcli.model.said import say
from oppcli.rules import identity
from oppcli.store import knowing
from oppcli.store.doors import ReadDoor
from oppcli.store.locations import file_of, is_server


def examine(opp: Context, door: ReadDoor) -> Finding:
    """How people are known, and whether they can get past it."""
    proof = identity.read(knowing.scope(door)).proof
    if is_server(opp.db):
        whose = knowing.person_of_role(door)
        told = say("proof {proof}; the server knows you by the role of {whose}", proof=proof, whose=whose)
        return ok("identity", told if whose else say("proof {proof}; your role is nobody's own", proof=proof))
    file = file_of(opp.db)
    if guarded(file):
        told = say("proof {proof}; guarded: one login writes the file, and sudo says who uses it", proof=proof)
        if not os.environ.get("SUDO_UID"):
            told = say(
                "proof {proof}; guarded: one login writes the file; sudo alone tells apart who shares it", proof=proof
            )
        return ok("identity", say("{told}: {os_user}", told=told, os_user=opp.os_user))
    told = say("proof {proof}; others may write the file or its folder without opp", proof=proof)
    fix = say("chmod go-w {file} {folder}", file=file, folder=Path(file).absolute().parent)
    return warn("identity", told, fix) if proof != CLAIM else ok("identity", told)
