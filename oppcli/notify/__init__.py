"""The ways a digest leaves the house: mail, webhooks, commands. Nothing here reads the database.

A channel is set up in the user's own configuration file, a table `[notify.NAME]` each. Secrets are named there, never
written: they come from the environment or a file at the moment they are needed, and leave it in no message.
"""

from collections.abc import Mapping

from oppcli.notify.channel import Channel, carrier


def channels(environ: Mapping[str, str]) -> tuple[Channel, ...]:
    """The channels of the user's file, in its order. Refuses (`PolicyError`) a file with mistakes, naming each."""
    from oppcli.config.files import is_file
    from oppcli.config.machine import user_file

    if not is_file(user_file(environ)):
        return ()
    from oppcli.notify.settings import read

    return tuple(Channel(spec, carrier(spec, environ)) for spec in read(environ))


__all__ = ["Channel", "channels"]
