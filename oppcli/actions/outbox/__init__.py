"""Delivering notices: one digest per person, channel and run, stored before it is sent, so that none is lost and only
what nobody answered for goes out again, under the same key."""

from oppcli.actions.outbox.channel import Channel, Failure, Summary
from oppcli.actions.outbox.gathering import preview, retry
from oppcli.actions.outbox.sending import deliver, language

__all__ = ["Channel", "Failure", "Summary", "deliver", "language", "preview", "retry"]
