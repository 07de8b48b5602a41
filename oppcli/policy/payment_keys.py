"""The keys of `[payment]`. Read where a policy has it."""

from oppcli.model.policy import Policy
from oppcli.model.said import say
from oppcli.policy.kinds import LASTING, Key, keys

PAYMENT = keys(
    Policy,
    Key(
        name="who",
        kind=LASTING,
        means="`role:…` or `user:…`, or a list: who enters what was received and voids payments; an admin always may",
        default="managers and admins",
        into=("payers",),
        called="who enters payments",
        said=say("{it} enters what was received and voids payments."),
    ),
)
