"""The schema, once, in SQLModel. Alembic reads its metadata; everyday SQLite commands never import it.

Every whole number is 64 bits wide, texts sort by code point on both engines, and no column holds a float, a date type
or a JSON type: what is stored is what the nouns say, on either engine.
"""

from sqlmodel import SQLModel

from oppcli.store.tables import approvals, outbox, people, pipeline, records

__all__ = ["approvals", "metadata", "outbox", "people", "pipeline", "records"]

metadata = SQLModel.metadata
