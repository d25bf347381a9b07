"""A query over the rows that another chose, as though their table held no more.

So what narrows it is asked after one row of several was chosen. A join of the table with
itself by key would do the same, at the price of a look-up for each row.
"""

from typing import Any, TypeVar

from django.db import connections
from django.db.backends.postgresql.compiler import SQLCompiler
from django.db.models import QuerySet
from django.db.models.sql import Query

Q = TypeVar("Q", bound=QuerySet[Any])


class _Compiler(SQLCompiler):
    """Puts the rows before the statement, under the name of their table."""

    query: "_Query"

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        sql, values = super().as_sql(*args, **kwargs)
        chosen, own = self.query.chosen.get_compiler(
            connection=self.connection
        ).as_sql()
        table = self.connection.ops.quote_name(self.query.get_meta().db_table)
        return f"with {table} as ({chosen}) {sql}", (*own, *values)


class _Query(Query):
    """A query whose table is what another query chose."""

    chosen: Query

    def get_compiler(
        self, using: Any = None, connection: Any = None, elide_empty: bool = True
    ) -> Any:
        connection = connection or connections[using]
        return _Compiler(self, connection, using, elide_empty)


def as_table(rows: Q) -> Q:
    """Return every row that ``rows`` chooses, to be narrowed, sorted and counted.

    `rows` must name no columns. A subquery on the same table reads the chosen rows too.
    """
    query = _Query(rows.model)
    query.chosen = rows.query
    found = rows.all()
    found.query = query
    return found
