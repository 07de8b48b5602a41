"""People: users with roles and a manager, and delegations of their authority for a while."""

from oppcli.model.noun import noun

ADMIN = "admin"
MANAGER = "manager"
SALES = "sales"
SERVICE = "service"
"""Cron and scripts: captures, imports, ticks; never decides, owns or holds a seat."""
ME = ("me", "我")
"""What people type for themselves."""
BUILT_IN_ROLES = (ADMIN, MANAGER, SALES, SERVICE)


@noun
class User:
    """A person. Deactivated, never deleted. The login is permanent; the name may change and is copied into history."""

    login: str
    name: str
    manager: str | None = None
    roles: tuple[str, ...] = (SALES,)
    email: str | None = None
    active: bool = True
    successor: str | None = None
    """Who follows in the seats and returned requests of somebody who left, also in those that open again later."""
    created_at: int = 0
    version: int = 1
    server_role: str | None = None
    """The role of the database's server that is theirs; None means the one called like the login."""
    pin_at: int | None = None
    """When they set the PIN that holds now; None where they have none."""
    lang: str | None = None
    """The language of their letters, en or zh; None means that of the database."""
    zone: str | None = None
    """The IANA zone in which their letters tell times; None means that of the policy's calendar."""
    muted: tuple[str, ...] = ()
    """Kinds of notices that they do not want."""
    answer_key: str | None = None
    """The public key (OpenSSH) that proves answers of theirs which were signed away from the terminal."""

    @property
    def is_admin(self) -> bool:
        """Whether they administer this database; a service never does."""
        return ADMIN in self.roles and SERVICE not in self.roles


@noun
class Delegation:
    """`to` may decide what waits on `frm` in [starts_at, ends_at); not transitive. One of everything, whatever type and
    amount, is an absence (`rules.absence`)."""

    id: int = 0
    frm: str
    to: str | None
    """None where `frm` is away and nobody decides instead."""
    starts_at: int
    ends_at: int
    types: tuple[str, ...] = ()
    """Request types it is limited to; empty means all."""
    max_amount: int | None = None
    """Minor units of the policy's currency; None means no cap."""
    reason: str | None = None
    created_at: int = 0
    created_by: str = ""
    version: int = 1
