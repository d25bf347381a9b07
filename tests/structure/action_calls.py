"""Which functions of the `actions` modules write, and which leave an audit row.

Read from their source: a function writes if it, or anything of these modules that it
calls, calls something that changes rows. Likewise it audits.
"""

import ast
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "groups", "intelligence", "scoring")
# Methods of models, query sets and cursors that change rows. `update` and `save` of
# anything else would be taken for a write as well: name it in the test's list.
WRITES = frozenset(
    [
        "save",
        "create",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
        "update",
        "delete",
        "execute",
        "executemany",
    ]
)
AUDITS = frozenset({"accounts.audit.record", "accounts.audit.consulted"})


@dataclass(slots=True)
class Action:
    """One function or class at the top of an actions module, and what it calls."""

    name: str
    node: ast.FunctionDef | ast.ClassDef
    calls: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)

    @property
    def is_public(self) -> bool:
        """Return whether others may call it: a function without an underscore."""
        last = self.name.rpartition(".")[2]
        return isinstance(self.node, ast.FunctionDef) and not last.startswith("_")

    def parameters(self) -> tuple[set[str], set[str]]:
        """Return the names that may be given by place, and those given by name."""
        assert isinstance(self.node, ast.FunctionDef)
        given = self.node.args
        by_place = {one.arg for one in (*given.posonlyargs, *given.args)}
        return by_place, {one.arg for one in given.kwonlyargs}


def read_actions() -> dict[str, Action]:
    """Return all functions and classes of the actions modules by their full names."""
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app / "actions").rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for action in _read(module, ast.parse(path.read_text(encoding="utf-8"))):
                found[action.name] = action
    return found


def writing(actions: dict[str, Action]) -> set[str]:
    """Return the names of those that change rows, themselves or by what they call."""
    return _reaching(actions, {n for n, one in actions.items() if one.methods & WRITES})


def auditing(actions: dict[str, Action]) -> set[str]:
    """Return the names of those that leave an audit row."""
    return _reaching(actions, {n for n, one in actions.items() if one.calls & AUDITS})


def _reaching(actions: dict[str, Action], found: Set[str]) -> set[str]:
    """Return ``found`` and all that call any of it, directly or not."""
    reached = set(found)
    while (
        more := {name for name, one in actions.items() if one.calls & reached} - reached
    ):
        reached |= more
    return reached


def _read(module: str, tree: ast.Module) -> Iterator[Action]:
    places = dict(_imports(tree.body))
    defined = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    places |= {node.name: f"{module}.{node.name}" for node in defined}
    for node in defined:
        action = Action(f"{module}.{node.name}", node)
        for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
            called = _dotted(call.func, places)
            action.calls.add(called)
            if isinstance(call.func, ast.Attribute):
                action.methods.add(call.func.attr)
        yield action


def _imports(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    for node in body:
        if isinstance(node, ast.ImportFrom):
            for one in node.names:
                yield one.asname or one.name, f"{node.module}.{one.name}"


def _dotted(node: ast.expr, places: dict[str, str]) -> str:
    """Return the full name of what is called, as far as the source shows it."""
    if isinstance(node, ast.Name):
        return places.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, places)}.{node.attr}"
    return ""
