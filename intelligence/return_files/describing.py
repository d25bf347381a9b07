"""The format in words: the tables of `docs/returns.md`."""

from intelligence.return_files.columns import COLUMNS, Needed

BEGIN = "<!-- columns: made by intelligence.return_files.describing, do not edit -->"
END = "<!-- end of columns -->"
_NEEDED = {
    Needed.ALWAYS: "yes",
    Needed.SOMETIMES: "it depends",
    Needed.NEVER: "no",
}


def columns_as_markdown() -> str:
    """Return the table of columns, between the marks that hold its place."""
    lines = [
        BEGIN,
        "",
        "| Header | Needed | What it is | Example |",
        "|---|---|---|---|",
        *(
            f"| {one.header} | {_NEEDED[one.needed]} | {one.meaning} | "
            f"{one.example or one.second_example} |"
            for one in COLUMNS
        ),
        "",
        END,
    ]
    return "\n".join(lines)


def filled_in(page: str) -> str:
    """Return the page with the table as it is now.

    Raises:
        ValueError: the page has no place for it.
    """
    before, found, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError("the page has no place for the table of columns")
    return f"{before}{columns_as_markdown()}{after}"
