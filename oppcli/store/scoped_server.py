"""What one person sees of a database on a server: the schema `scoped`, with a view of each table's name.

The views are the same for everybody. Whom they are for they ask of settings that end with the transaction, which may be
READ ONLY; the schema stands first in its `search_path`. A table with a view on it cannot be altered, so an upgrade
drops the schema first and makes it again.
"""

from collections.abc import Iterator, Mapping

from oppcli.model.fields import BUILT_IN, FIXED
from oppcli.model.nouns import BY_WORD, RECORDS, class_of
from oppcli.model.sight import Sight
from oppcli.model.veil import EMAIL, MONEY, PHONE, SHORTEST_PHONE, TOLD_TO
from oppcli.store import scope
from oppcli.store.mapping import Shape, shape_of

SCHEMA = "scoped"
BETWEEN = "\x1f"
"""Parts names in a setting: it stands in none."""
INVOKED_FROM = 150_000
"""The version of PostgreSQL from which a view can ask for the rights of whoever reads it."""
_SETTING = "current_setting('opp.{name}', true)"
_LIST = "ARRAY(SELECT unnest(string_to_array(current_setting('opp.{name}', true), chr(31))))"
DROPPED = f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"


def told(sight: Sight) -> Mapping[str, str]:
    """The settings that say whom the views are for."""
    return {
        "opp.me": sight.login,
        "opp.now": str(sight.now),
        "opp.wide": "1" if sight.wide else "",
        "opp.whole": "1" if sight.whole else "",
        "opp.owners": BETWEEN.join(sight.owners),
        "opp.below": BETWEEN.join(sight.below),
        "opp.hidden": BETWEEN.join(("", *sight.hidden, "")),
        "opp.masked": BETWEEN.join(("", *sight.masked, "")),
    }


def made(version: int) -> Iterator[str]:
    """The statements that make the schema on a server of this version."""
    yield f"CREATE SCHEMA {SCHEMA}"
    yield from FUNCTIONS
    invoked = " WITH (security_invoker = true)" if version >= INVOKED_FROM else ""
    conditions, columns = dict(scope.conditions(ASKER)), dict(scope.columns(ASKER, VEIL))
    many = dict(scope.conditions(ASKER._replace(deals="", owned=_one_of_many)))
    wide = {part.table: many[part.table] for part in shape_of(class_of(BY_WORD["deal"])).family}
    for table in sorted({*conditions, *columns}):
        told, holds = columns.get(table) or _all(table), conditions.get(table, "true")
        shown = f"SELECT {told} FROM {table} WHERE"
        if table in wide:
            shown = f"{shown} NOT {_WIDE} AND ({holds}) UNION ALL {shown} {_WIDE} AND ({wide[table]})"
        else:
            shown = f"{shown} {holds}"
        yield f"CREATE VIEW {SCHEMA}.{table}{invoked} AS {shown}"
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC"
    if invoked:  # else a view would show what its owner may see
        yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO PUBLIC"


def _all(table: str) -> str:
    return ", ".join(f'"{name}"' for name in SHAPES[table].columns)


def _setting(name: str) -> str:
    """Asked once for a statement, not for each row."""
    return f"(SELECT {_SETTING.format(name=name)})"


def _among(name: str, column: str) -> str:
    return f"{column} = ANY({_LIST.format(name=name)})"


def _one_of_many(column: str) -> str:
    """The same, of so many that they are hashed; an index is of no use then."""
    return f"{column} IN (SELECT unnest(string_to_array({_SETTING.format(name='owners')}, chr(31))))"


def _has(setting: str, name: str) -> str:
    return f"(SELECT strpos({_SETTING.format(name=setting)}, chr(31) || '{name}' || chr(31)) > 0)"


_ME, _NOW = _setting("me"), f"(SELECT {_SETTING.format(name='now')}::bigint)"
_WIDE = "(SELECT current_setting('opp.wide', true) = '1')"
"""Which of two ways is the shorter one: to find what they see, or to ask it of each."""
_VEILED = f"(SELECT length({_SETTING.format(name='hidden')} || {_SETTING.format(name='masked')}) > 2)"
_BEYOND = scope.beyond("", _ME, _NOW)
ASKER = scope.Asker(
    own="",
    me=_ME,
    owned=lambda column: _among("owners", column),
    below=lambda column: _among("below", column),
    beyond=_BEYOND,
    asked=scope.asked("", _ME, _NOW),
    wide=False,
    everything=f"{_setting('whole')} = '1'",
    deals=(  # who sees all is told as the owners being everybody: a condition beside it would keep this from an index
        f"SELECT o.id FROM deal o WHERE {_among('owners', 'o.owner')} "
        f"UNION ALL SELECT o.id FROM deal o WHERE o.owner IS NULL UNION ALL ({_BEYOND})"
    ),
)
VEIL = scope.Veil(
    hidden=tuple(name for name, field in BUILT_IN.items() if not field.own and name not in FIXED),
    column=lambda name, column: f"CASE WHEN {_has('hidden', name)} THEN NULL ELSE {column} END",
    text=lambda column, full: f"CASE WHEN {_VEILED} THEN {SCHEMA}.unveiled({column}, {full}) ELSE {column} END",
    partly=lambda name, column, full: (
        f"CASE WHEN {_has('masked', name)} AND NOT ({full}) THEN {SCHEMA}.masked('{name}', {column}) ELSE {column} END"
    ),
    masks=True,
    lists=scope.ADDRESSES,
)
SHAPES: dict[str, Shape] = {part.table: part for noun in RECORDS for part in shape_of(class_of(noun)).family}


def _words(words: tuple[str, ...]) -> str:
    return "|".join(words)


FUNCTIONS = (
    rf"""
CREATE FUNCTION {SCHEMA}.masked(name text, said text) RETURNS text LANGUAGE sql STABLE AS $$
SELECT CASE
  WHEN coalesce(said, '') = '' THEN said
  WHEN lower(name) ~ '{_words(EMAIL)}' AND said LIKE '%@%' THEN left(said, 1) || '***' || substring(said from '@[^@]*$')
  WHEN lower(name) ~ '{_words(PHONE)}' AND length(said) >= {SHORTEST_PHONE}
    THEN left(said, 3) || '****' || right(said, 4)
  ELSE left(said, 1) || '***' END
$$""",
    rf"""
CREATE FUNCTION {SCHEMA}.sentence(said text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  names text := array_to_string(ARRAY(
    SELECT regexp_replace(name, '([^[:alnum:]_])', '\\\1', 'g')
    FROM unnest(string_to_array(trim(chr(31) from current_setting('opp.hidden', true)), chr(31))) AS name
    WHERE name <> '' ORDER BY length(name) DESC), '|');
  plain text := split_part(said, chr(30), 1);
  clean text;
  told text := '(?<![[:alnum:]_])(?:(' || names || ')){{1,1}}? .*? → .*?{TOLD_TO}';
BEGIN
  IF names = '' THEN RETURN said; END IF;
  clean := regexp_replace(plain, told, '\1', 'g');
  IF strpos(current_setting('opp.hidden', true), chr(31) || 'amount' || chr(31)) > 0 THEN
    clean := regexp_replace(clean, '{MONEY.pattern}', '', 'g');
  END IF;
  RETURN CASE WHEN clean = plain THEN said ELSE clean END;
END
$$""",
    rf"""
CREATE FUNCTION {SCHEMA}.part(name text, value jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF jsonb_typeof(value) = 'array' THEN
    RETURN coalesce((SELECT jsonb_agg({SCHEMA}.part(name, each) ORDER BY place)
      FROM jsonb_array_elements(value) WITH ORDINALITY AS e(each, place)), '[]');
  ELSIF jsonb_typeof(value) = 'null' THEN RETURN value;
  END IF;
  RETURN to_jsonb({SCHEMA}.masked(name, value #>> '{{}}'));
END
$$""",
    rf"""
CREATE FUNCTION {SCHEMA}.value(value jsonb, seen boolean) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  hidden text := current_setting('opp.hidden', true);
  masked text := current_setting('opp.masked', true);
BEGIN
  IF jsonb_typeof(value) = 'object' THEN
    RETURN coalesce((SELECT jsonb_object_agg(key, CASE
        WHEN NOT seen AND strpos(masked, chr(31) || regexp_replace(key, '^extra\.', '') || chr(31)) > 0
        THEN {SCHEMA}.part(regexp_replace(key, '^extra\.', ''), each)
        ELSE {SCHEMA}.value(each, seen) END)
      FROM jsonb_each(value) AS e(key, each)
      WHERE strpos(hidden, chr(31) || regexp_replace(key, '^extra\.', '') || chr(31)) = 0), '{{}}');
  ELSIF jsonb_typeof(value) = 'array' THEN
    RETURN coalesce((SELECT jsonb_agg({SCHEMA}.value(each, seen) ORDER BY place)
      FROM jsonb_array_elements(value) WITH ORDINALITY AS e(each, place)), '[]');
  ELSIF jsonb_typeof(value) = 'string' THEN RETURN to_jsonb({SCHEMA}.sentence(value #>> '{{}}'));
  END IF;
  RETURN value;
END
$$""",
    rf"""
CREATE FUNCTION {SCHEMA}.unveiled(stored text, seen boolean) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF stored IS NULL OR stored IN ('', '{{}}', '[]') THEN RETURN stored; END IF;
  IF left(stored, 1) NOT IN ('{{', '[') THEN RETURN {SCHEMA}.sentence(stored); END IF;
  BEGIN
    RETURN {SCHEMA}.value(stored::jsonb, coalesce(seen, false))::text;
  EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
    RETURN {SCHEMA}.sentence(stored);
  END;
END
$$""",
)
"""What `model.veil` does, for a server."""
