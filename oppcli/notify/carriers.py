"""Which carrier a kind of channel has; the module of each is loaded only when it is set up."""

from collections.abc import Mapping
from importlib import import_module

from oppcli.notify.channel import Carrier, Spec

CARRIERS = {
    "smtp": ("smtp", "Smtp"),
    "sendmail": ("sendmail", "Sendmail"),
    "webhook": ("webhook", "Webhook"),
    "command": ("command", "Command"),
}


def carrier(spec: Spec, environ: Mapping[str, str]) -> Carrier:
    """The carrier of a channel that was checked."""
    module, name = CARRIERS[spec.kind]
    values = {**spec.values, "ids": spec.ids}
    made: Carrier = getattr(import_module(f"oppcli.notify.{module}"), name)(values, spec.timeout, environ)
    return made
