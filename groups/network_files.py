"""Reading a published network: a file of people and a file of links, both CSV.

Only the columns that are asked for are taken; all others, such as ethnicity or
birthplace, are named as not taken and never looked at.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ocgmap.common.errors import AppError
from ocgmap.common.plain_text import CURE, FAULT, is_readable

NODE_COLUMNS: Final = ("id", "name")
EDGE_COLUMNS: Final = ("source", "target")
MAX_BYTES: Final = 20_000_000
FAULT_OF_CELL: Final = f"The cell {FAULT}"


class NetworkFileError(AppError):
    """A file of a network cannot be taken as it stands."""

    code = "network_file"


@dataclass(frozen=True, slots=True)
class NetworkFiles:
    """Two files in memory, taken together: who there is and who is linked to whom.

    `links` are pairs of names, each pair once and in the order of the names;
    `not_taken` are the columns that were left alone, files and columns in order.
    """

    names: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    not_taken: tuple[str, ...]


def stop_at(error: NetworkFileError) -> None:
    """Refuse the files because of one bad row.

    Raises:
        NetworkFileError: always, the one handed in.
    """
    raise error


def read_network(
    nodes: bytes,
    edges: bytes,
    *,
    on_bad_row: Callable[[NetworkFileError], None] = stop_at,
    called: Callable[[str], str] = str,
) -> NetworkFiles:
    """Return the network in a nodes file (id, name) and an edges file (source, target).

    A link given twice, or once each way, is one link. A bad row is handed to
    `on_bad_row`; when that returns, the row is left out and reading goes on. `called`
    is what a name becomes; two names that become the same are one name twice.

    Raises:
        NetworkFileError: the file, row and column at fault, the rule and the cure.
    """
    node_table = _Table("nodes", nodes, NODE_COLUMNS, on_bad_row)
    edge_table = _Table("edges", edges, EDGE_COLUMNS, on_bad_row)
    names = _names_by_id(node_table, called)
    if not names:
        raise _refused("nodes", "The file must hold at least one row.", "Add the rows.")
    links = dict.fromkeys(_links(edge_table, names))
    return NetworkFiles(
        names=tuple(names.values()),
        links=tuple(links),
        not_taken=(*node_table.not_taken(), *edge_table.not_taken()),
    )


class _Table:
    """The wanted columns of one CSV text, row by row."""

    def __init__(
        self,
        label: str,
        content: bytes,
        wanted: tuple[str, ...],
        on_bad_row: Callable[[NetworkFileError], None],
    ) -> None:
        self.label = label
        self.wanted = wanted
        self.on_bad_row = on_bad_row
        self._reader = csv.reader(io.StringIO(_text(label, content)), strict=True)
        self.columns = self._header()
        self._places = [self.columns.index(column) for column in wanted]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield line number and wanted cells, stripped, of every whole row."""
        for line, row in self._lines():
            if row:
                fault = self._fault(line, row)
                if fault is None:
                    yield line, self._cells(row)
                else:
                    self.on_bad_row(fault)

    def _cells(self, row: list[str]) -> list[str]:
        return [row[place].strip() for place in self._places]

    def _fault(self, line: int, row: list[str]) -> NetworkFileError | None:
        if len(row) != len(self.columns):
            return _refused(
                f"{self.label} line {line}",
                f"A row must have {len(self.columns)} cells like the header; this "
                f"one has {len(row)}.",
                "Mend the row, or quote a cell that holds a comma.",
            )
        for column, cell in zip(self.wanted, self._cells(row), strict=True):
            if not cell:
                return _refused(
                    f"{self.label} line {line}, column {column}",
                    "The cell must not be empty.",
                    "Fill it in or take the row out.",
                )
            if not is_readable(cell):
                return _refused(
                    f"{self.label} line {line}, column {column}", FAULT_OF_CELL, CURE
                )
        return None

    def not_taken(self) -> tuple[str, ...]:
        """Return the columns that are not read, as `file.column`."""
        return tuple(
            f"{self.label}.{column}"
            for column in self.columns
            if column not in self.wanted
        )

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            try:
                row = next(self._reader, None)
            except csv.Error as error:
                raise _refused(
                    f"{self.label} line {self._reader.line_num}",
                    f"The file must be CSV: {error}.",
                    "Mend the quotes of that line.",
                ) from error
            if row is None:
                return
            yield self._reader.line_num, row

    def _header(self) -> list[str]:
        for _, row in self._lines():
            columns = [cell.strip() for cell in row]
            missing = [column for column in self.wanted if column not in columns]
            if missing:
                raise _refused(
                    f"{self.label} line 1",
                    f"The header must name the columns {' and '.join(self.wanted)}; "
                    f"{' and '.join(missing)} is missing.",
                    "Add the column, spelt in small letters.",
                )
            twice = [name for name in self.wanted if columns.count(name) > 1]
            if twice:
                raise _refused(
                    f"{self.label} line 1, column {twice[0]}",
                    f"A header may name {twice[0]} once only; which of the columns is "
                    "meant cannot be told.",
                    "Rename or take out the others.",
                )
            return columns
        raise _refused(
            self.label,
            "The file must begin with a header; it is empty.",
            f"Begin it with {','.join(self.wanted)}.",
        )


def _text(label: str, content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _refused(
            label,
            f"A file may hold {MAX_BYTES:,} bytes; this one holds {len(content):,}.",
            "Split the network.",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(
            label,
            f"The file must be UTF-8 text; byte {error.start + 1} is not.",
            "Save it again with the encoding UTF-8.",
        ) from error


def _names_by_id(table: _Table, called: Callable[[str], str]) -> dict[str, str]:
    names: dict[str, str] = {}
    held: dict[str, str] = {}
    for line, (identity, name) in table.rows():
        if identity in names:
            table.on_bad_row(_repeated(table, line, "id", identity))
        elif held.get(called(name)) == name:
            table.on_bad_row(_repeated(table, line, "name", name))
        elif called(name) in held:
            table.on_bad_row(_alike(table, line, name, held[called(name)]))
        else:
            names[identity] = name
            held[called(name)] = name
    return names


def _links(table: _Table, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for line, ends in table.rows():
        fault = _link_fault(line, ends, names)
        if fault is None:
            first, second = sorted(names[end] for end in ends)
            yield first, second
        else:
            table.on_bad_row(fault)


def _link_fault(
    line: int, ends: list[str], names: Mapping[str, str]
) -> NetworkFileError | None:
    for column, end in zip(EDGE_COLUMNS, ends, strict=True):
        if end not in names:
            return _refused(
                f"edges line {line}, column {column}",
                f"A link must join two ids of the nodes file; {end!r} is none.",
                "Correct the id or add its row to the nodes file.",
            )
    if ends[0] == ends[1]:
        return _refused(
            f"edges line {line}",
            f"A link must join two different people; this one joins {ends[0]!r} "
            "to itself.",
            "Take the row out.",
        )
    return None


def _repeated(table: _Table, line: int, column: str, cell: str) -> NetworkFileError:
    return _refused(
        f"{table.label} line {line}, column {column}",
        f"Each {column} may stand once only; {cell!r} stands twice.",
        "Take one of the two rows out, or tell them apart.",
    )


def _alike(table: _Table, line: int, name: str, former: str) -> NetworkFileError:
    return _refused(
        f"{table.label} line {line}, column name",
        f"Two people must not become one: {name!r} and {former!r} before it would have "
        "the same designation.",
        "Give one of the two another name.",
    )


def _refused(field: str, rule: str, cure: str) -> NetworkFileError:
    return NetworkFileError(
        f"{field}: {rule} {cure}", field=field, rule=rule, cure=cure
    )
