"""Today, where business is done: on it prices, quotes, instalments and facts hold or do not, for everybody alike."""

from oppcli.reads.table import Frame
from oppcli.words.zones import today


def business_day(frame: Frame) -> str:
    """The date of now (ISO) in the zone of the policy's calendar."""
    return today(frame.now, frame.policy().hours().timezone).isoformat()
