"""Numbered migrations: each package brings its own tables, all of them live in one file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

APPLICATION_ID = 0x4C343032  # "L402": this file is ours, so no other program's database is ever migrated


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds sealed values, each bound to its table, the value of its ``row`` column, and its own name.

    ``layout`` is what was given to `Seal.seal` as ``schema``. Values may be NULL; ``row`` holds text.
    """

    table: str
    row: str
    column: str
    layout: int = 1


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables of one component. Step 1 creates them; a step that was released is never edited again.

    Every column of type BLOB is named in ``sealed``, or in ``in_clear`` as "table.column": when the vault's key is
    replaced what is named in neither would be lost, so nothing is replaced then (`undeclared`).
    """

    component: str
    steps: tuple[str, ...]
    sealed: tuple[SealedColumn, ...] = ()
    in_clear: tuple[str, ...] = ()


def sealed_columns(schemas: Sequence[Schema]) -> tuple[SealedColumn, ...]:
    """The sealed columns of all components."""
    return tuple(column for schema in schemas for column in schema.sealed)


def undeclared(connection: sqlite3.Connection, schemas: Sequence[Schema]) -> list[str]:
    """The columns of type BLOB that no component knows as sealed or as clear, and those declared that are not there."""
    found = {
        f"{table}.{column}"
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for column, kind in connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall()
        if kind.upper() in ("BLOB", "ANY", "")
    }
    declared = {f"{sealed.table}.{sealed.column}" for sealed in sealed_columns(schemas)}
    declared.update(name for schema in schemas for name in schema.in_clear)
    return sorted(found ^ declared)


def is_foreign(connection: sqlite3.Connection) -> bool:
    """Does the file hold another program's tables? An empty one is nobody's yet."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id == APPLICATION_ID:
        return False
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return bool(application_id or tables)


def is_newer(connection: sqlite3.Connection, schemas: Sequence[Schema]) -> bool:
    """Was the file written by an app that knows more migrations than this one?"""
    known = versions(connection)
    return any(known.get(schema.component, 0) > len(schema.steps) for schema in schemas)


def versions(connection: sqlite3.Connection) -> dict[str, int]:
    """How many steps each component has taken."""
    exists = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'schema_versions'").fetchone()
    if exists is None:
        return {}
    return dict(connection.execute("SELECT component, version FROM schema_versions").fetchall())


def migrate(connection: sqlite3.Connection, schemas: Sequence[Schema]) -> None:
    """Take the missing steps, each in one transaction of its own. Two processes may do so at once."""
    known = versions(connection)
    for schema in schemas:
        for number in range(known.get(schema.component, 0) + 1, len(schema.steps) + 1):
            _take(connection, schema, number)


def _take(connection: sqlite3.Connection, schema: Schema, number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if versions(connection).get(schema.component, 0) < number:  # another process may have been faster
            _found(connection)
            for statement in statements(schema.steps[number - 1]):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO schema_versions VALUES (?, ?)"
                " ON CONFLICT (component) DO UPDATE SET version = excluded.version",
                (schema.component, number),
            )
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _found(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_versions (component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT"
    )


def statements(script: str) -> Iterator[str]:
    """The single statements of a script; ``executescript`` would end our transaction behind our back."""
    statement = ""
    for piece in script.split(";")[:-1]:
        statement += piece + ";"
        if sqlite3.complete_statement(statement):  # not inside a trigger's body, or a string
            yield statement
            statement = ""
    rest = statement + script.rpartition(";")[2]
    if rest.strip():
        raise ValueError(f"a migration ends in an unfinished statement: {rest.strip()!r}")
