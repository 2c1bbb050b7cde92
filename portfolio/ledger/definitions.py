"""What the models lay out, as this very server words it: columns, defaults, rules and indexes, to compare with what is.

PostgreSQL prints a rule in its own words, which differ between its versions and after a restored dump. So the models'
tables are made once as temporary tables, their rules read, made again of what was read, and all is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from django.db import connections, models, transaction

# A rule may hold for rows to come alone (NOT VALID); one that is NOT ENFORCED (PostgreSQL 18) is printed as that.
FOUND = r"""
  SELECT relname, CASE contype WHEN 'f' THEN 'key' ELSE 'constraint' END, conname::text,
         regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')
         || CASE WHEN to_jsonb(k) ->> 'conenforced' = 'false' AND pg_get_constraintdef(k.oid) !~ 'NOT ENFORCED'
            THEN ' NOT ENFORCED' ELSE '' END
    FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
   WHERE contype IN ('c', 'f', 'p', 'u', 'x') AND relnamespace = {schema}
  UNION ALL
  SELECT t.relname, 'index', i.relname,
         regexp_replace(pg_get_indexdef(indexrelid), '^CREATE (UNIQUE )?INDEX .*? ON (ONLY )?\S+ ', '\1')
         || CASE WHEN indisvalid AND indisready AND indislive THEN '' ELSE ' INVALID' END
    FROM pg_index JOIN pg_class t ON t.oid = indrelid JOIN pg_class i ON i.oid = indexrelid
   WHERE t.relnamespace = {schema} AND NOT EXISTS (
     SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
  UNION ALL
  SELECT relname, 'column', attname, concat_ws(' ', format_type(atttypid, atttypmod),
         'COLLATE ' || (SELECT collname FROM pg_collation l WHERE l.oid = attcollation AND collname <> 'default'),
         CASE WHEN attnotnull THEN 'NOT NULL' END, 'GENERATED ' || nullif(concat(attidentity, attgenerated), ''),
         'DEFAULT ' || pg_get_expr(adbin, adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum
   WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p') AND relnamespace = {schema}
   ORDER BY 1, 2, 3"""
AT_ONCE = 12  # tables; each holds some locks until it is taken back


class Thing(NamedTuple):
    """A column, constraint, key (a foreign one) or index of a table, worded as PostgreSQL words it."""

    kind: str
    name: str
    text: str


class Meant(NamedTuple):
    """A thing as the models want it: in which words it may be found, and whether under its own name alone."""

    kind: str
    name: str
    texts: tuple[str, ...]
    named: bool

    def is_met_by(self, thing: Thing) -> bool:
        return self.kind == thing.kind and thing.text in self.texts and (not self.named or self.name == thing.name)


Found: TypeAlias = dict[str, list[Thing]]


def there(cursor: Any) -> Found:
    """What the database has, by table."""
    return _read(cursor, "'public'::regnamespace")


def meant(connection: Any, kept: Sequence[type[models.Model]]) -> Iterator[tuple[type[models.Model], list[Meant]]]:
    """What each model lays out; in a transaction that is taken back."""
    for start in range(0, len(kept), AT_ONCE):
        some = tuple(kept[start : start + AT_ONCE])
        yield from zip(some, _meant(connection.alias, connection.pg_version, some), strict=True)


@cache
def _meant(alias: str, version: int, some: tuple[type[models.Model], ...]) -> list[list[Meant]]:
    """The models and the server's version decide it, so that a process asks once."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_temp, public")
        for model in some:
            cursor.execute("\n".join(_laid_out(alias, model)))
        first = _read(cursor, "pg_my_temp_schema()")
        for table, things in first.items():
            cursor.execute("".join(_again(table, thing) for thing in things) or "SELECT")
        again = _read(cursor, "pg_my_temp_schema()")
        transaction.set_rollback(True, using=alias)
    return [[*_both(model, first[model._meta.db_table], again[model._meta.db_table]), *_keys(model)] for model in some]


def _read(cursor: Any, schema: str) -> Found:
    cursor.execute(FOUND.replace("{schema}", schema))
    found: Found = {}
    for table, *thing in cursor.fetchall():
        found.setdefault(table, []).append(Thing(*thing))
    return found


def _laid_out(alias: str, model: type[models.Model]) -> list[str]:
    """The statements of a migration that makes the table; keys can't lead from a temporary table to others."""
    with connections[alias].schema_editor(collect_sql=True, atomic=False) as editor:
        sql, values = editor.table_sql(model)
        editor.execute(sql, values or None)
        keyless = [each for each in editor.deferred_sql if "FOREIGN KEY" not in str(each)]
        editor.deferred_sql = keyless + editor._model_indexes_sql(model)  # type: ignore[attr-defined]
    return list(editor.collected_sql)


def _again(table: str, thing: Thing) -> str:
    """Make a rule of what was read of it, as a restored dump does."""
    if thing.kind == "constraint" and not thing.text.startswith(("PRIMARY", "UNIQUE")):
        name = f'CONSTRAINT "{thing.name}"'
        return f'ALTER TABLE "{table}" DROP {name}, ADD {name} {thing.text};'
    if thing.kind == "index" and ("WHERE" in thing.text or "::" in thing.text):
        unique, rest = thing.text.startswith("UNIQUE "), thing.text.removeprefix("UNIQUE ")
        return f'DROP INDEX "{thing.name}"; CREATE {"UNIQUE " * unique}INDEX "{thing.name}" ON "{table}" {rest};'
    if thing.kind == "column" and " DEFAULT " in thing.text:
        default = thing.text.partition(" DEFAULT ")[2]
        return f'ALTER TABLE "{table}" ALTER COLUMN "{thing.name}" SET DEFAULT {default};'
    return ""


def _both(model: type[models.Model], first: list[Thing], again: list[Thing]) -> Iterator[Meant]:
    named = {each.name for each in (*model._meta.constraints, *model._meta.indexes)}
    for one, other in zip(first, again, strict=True):
        texts = tuple(dict.fromkeys((one.text, other.text)))
        yield Meant(one.kind, one.name, texts, named=one.kind == "column" or one.name in named)


def _keys(model: type[models.Model]) -> Iterator[Meant]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.db_constraint:  # type: ignore[attr-defined]
            to, key = field.related_model._meta.db_table, field.target_field.column
            text = f"FOREIGN KEY ({field.column}) REFERENCES {to}({key}) DEFERRABLE INITIALLY DEFERRED"
            yield Meant("key", field.column, (text,), named=False)
