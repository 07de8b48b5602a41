"""What is known of the stays of before there was a `system` on each: imports made them, but for those people made."""

from pathlib import Path

import pytest

from oppcli import store
from oppcli.store import migrate

ROWS = """
INSERT INTO stage (id, name, kind, position, probability) VALUES (1, 'Lead', 'lead', 0, 0), (2, 'Offer', 'open', 1, 0);
INSERT INTO deal (id, title, stage_id, currency, tags, collaborators, extra, system, external_id, created_by,
  updated_at, channel, version, standing, search_key)
  VALUES (1, 'a', 2, 'EUR', '[]', '[]', '{}', 'crm', '1', 'li', 0, 'import', 1, 'live', 'a'),
  (11, 'b', 2, 'EUR', '[]', '[]', '{}', NULL, NULL, 'li', 0, 'cli', 1, 'live', 'b');
INSERT INTO visit (deal_id, number, stage_id, entered_at, left_at) VALUES (1, 1, 1, 5, 7), (1, 2, 2, 7, 9),
  (1, 3, 2, 9, NULL), (11, 1, 2, 5, NULL);
INSERT INTO journal (seq, txn, at, actor, channel, action, noun, noun_id, changes, meta, prev, hash) VALUES
  (1, 1, 0, 'li', 'import', 'create', 'deal', '1', '{"visits.1":[null,{}],"visits.2":[null,{}]}', '{}', '', ''),
  (2, 1, 0, 'li', 'cli', 'advance', 'deal', '1', '{"visits.2.left_at":[null,9],"visits.3":[null,{}]}', '{}', '', ''),
  (3, 1, 0, 'li', 'cli', 'create', 'deal', '11', '{"visits.1":[null,{}]}', '{}', '', '')
"""


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_stays_of_before_are_of_the_import_but_for_those_that_people_made(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = str(tmp_path / "opp.db")
    if engine == "sqlite":
        migrate.file_at(Path(url), "0006")
    else:
        url = request.getfixturevalue("pg_url")
        store.schema.remove(url)
    with migrate.migrating(url) as connection:
        if engine == "postgresql":
            migrate.run(connection, "0006")
        for statement in ROWS.split(";\n"):
            connection.exec_driver_sql(statement.replace("%", "%%"))
        migrate.run(connection, "0007")
        found = connection.exec_driver_sql("SELECT deal_id, number, system FROM visit ORDER BY deal_id, number").all()
    assert [tuple(row) for row in found] == [(1, 1, "crm"), (1, 2, "crm"), (1, 3, None), (11, 1, None)]
