"""The rights of the three groups of a server, as SQL for who owns the tables: to read, to work, to administer.

What nobody of them may: change or delete what is kept (an entry, a decision, points, a submitted forecast), alter the
tables, drop a trigger.
"""

from itertools import pairwise
from typing import Any

from oppcli.model.nouns import RECORDS, class_of
from oppcli.store.feeds import KEY as EVENTS
from oppcli.store.imported import SEEN
from oppcli.store.mapping import shape_of
from oppcli.store.matching import COMPARED, NEWS
from oppcli.store.patterns import quoted
from oppcli.store.scoped_server import SCHEMA
from oppcli.store.triggers import ON_SERVER

READ, WRITE, ADMIN = GROUPS = ("opp_read", "opp_write", "opp_admin")
KEPT = tuple(dict.fromkeys(name.partition(".")[0] for name in ON_SERVER))
"""Only written to, never changed: what triggers keep."""
SECRET = "credential"
"""Not for who only reads: with it a PIN can be tried out elsewhere."""
AUTHORITY = ("user_account", "policy", "stage", "meta", SECRET)
"""Who somebody is and what they may: admins alone write there."""
MARKS = f"(key IN ({quoted((NEWS, COMPARED, SEEN))}) OR left(key, {len(EVENTS)}) = '{EVENTS}')"
"""What of `meta` tells how far everyday work got: whoever works writes it. All else there is of the policy, and who
writes that changes what everybody may."""
SCHEMA_VERSION = "alembic_version"
"""Written by upgrades, which are for the owner of the tables."""
DERIVED = ("match_key", "fired")
"""Written along with what they follow from; no records."""
TABLES = sorted(
    {part.table for noun in RECORDS for part in shape_of(class_of(noun)).family}
    | {*AUTHORITY, *DERIVED, SCHEMA_VERSION}
)
EVERYDAY = [table for table in TABLES if table not in (*KEPT, *AUTHORITY, SCHEMA_VERSION)]

_MADE = """DO $$ BEGIN
  CREATE ROLE {group} NOLOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;"""
_HEAD = """-- The owner of the tables runs this in the database of the team. `opp db upgrade` and `opp db restore`,
-- which make tables, give the same rights again where they were given.
-- Then each person gets a role of their own in one group:
--   CREATE ROLE wang LOGIN; GRANT {write} TO wang;"""


_GIVEN = f"""
SELECT CASE WHEN to_regrole('{READ}') IS NOT NULL AND to_regclass('journal') IS NOT NULL
  THEN has_table_privilege('{READ}', 'journal', 'SELECT') ELSE false END
"""


def given(connection: Any) -> bool:
    """Whether the groups have rights in a database."""
    return bool(connection.execute(_GIVEN).fetchone()[0])


def script() -> str:
    """The statements that make the groups and give them their rights, which may be run any number of times."""
    made = [_MADE.format(group=group) for group in GROUPS]
    above = [f"GRANT {below} TO {group};" for below, group in pairwise(GROUPS)]
    return "\n".join((_HEAD.format(write=WRITE), *made, *above, rights()))


def rights() -> str:
    """The statements that give the groups these rights and no others."""
    everything, everyday = ", ".join(TABLES), ", ".join(EVERYDAY)
    readable = ", ".join(table for table in TABLES if table != SECRET)
    lines = [
        f"REVOKE ALL ON {everything} FROM {', '.join(GROUPS)};",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {READ};",
        f"GRANT SELECT ON {readable} TO {READ};",
        f"GRANT SELECT ON {SECRET} TO {WRITE};",
        f"GRANT INSERT, UPDATE, DELETE ON {everyday} TO {WRITE};",
        f"GRANT INSERT ON {', '.join(KEPT)} TO {WRITE};",
        f"GRANT INSERT, UPDATE ON meta TO {WRITE};",
        f"GRANT INSERT, UPDATE, DELETE ON {', '.join(AUTHORITY)} TO {ADMIN};",
        f"GRANT UPDATE (changes, salt) ON journal TO {ADMIN};",
        "ALTER TABLE meta ENABLE ROW LEVEL SECURITY;",
        *_rows("opp_reads", "FOR SELECT USING (true)"),
        *_rows("opp_works", f"TO {WRITE} USING {MARKS} WITH CHECK {MARKS}"),
        *_rows("opp_administers", f"TO {ADMIN} USING (true) WITH CHECK (true)"),
    ]
    return "\n".join(lines)


def _rows(name: str, which: str) -> tuple[str, str]:
    """Which rows of `meta` somebody reads or writes, in place of what was so called before."""
    return f"DROP POLICY IF EXISTS {name} ON meta;", f"CREATE POLICY {name} ON meta {which};"
