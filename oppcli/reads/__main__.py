"""`python -m oppcli.reads` writes what follows from the reads and nouns: an index, tables in three pages of docs."""

from importlib import reload

from oppcli.reads import catalog, index, written

written.INDEX.write_text(written.index(), encoding="utf-8")
reload(index)
reload(catalog)
reload(written).DOCS.write_text(written.reports(), encoding="utf-8")
reload(written).NOUNS_DOCS.write_text(written.nouns(), encoding="utf-8")
reload(written).SQL_DOCS.write_text(written.sql(), encoding="utf-8")
