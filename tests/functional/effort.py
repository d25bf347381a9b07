"""Count what a job costs a person: page loads, key presses and clicks.

Use the fixture: `with journey(page, "its name") as effort: …`. The counts are of what
the browser saw: whole pages loaded (not fragments), keys pressed and buttons of the mouse
pressed by a person, not by a script. Budgets stand in `effort.json`; a journey that costs
more than its budget fails, and each prints what it costs.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

FILE = Path(__file__).with_name("effort.json")
Tell = Callable[[str, Mapping[str, int], Mapping[str, int]], None]
PARTS = ("page_loads", "key_presses", "clicks")
# A key that only holds another down, as Shift does, is part of that press.
_COUNTER = """() => {
    if (window.ocgmapEffort) return;
    window.ocgmapEffort = true;
    const tell = (event, part) => { if (event.isTrusted) window.countEffort(part); };
    const held = new Set(['Shift', 'Control', 'Alt', 'Meta']);
    addEventListener('keydown', event => {
        if (!held.has(event.key)) tell(event, 'key_presses');
    }, true);
    addEventListener('mousedown', event => tell(event, 'clicks'), true);
}"""


@dataclass(slots=True)
class Effort:
    """What a journey has cost so far."""

    page_loads: int = 0
    key_presses: int = 0
    clicks: int = 0

    def add(self, part: str) -> None:
        assert part in PARTS, part
        setattr(self, part, getattr(self, part) + 1)

    def as_json(self) -> dict[str, int]:
        return {part: getattr(self, part) for part in PARTS}


def budgets() -> Mapping[str, Mapping[str, int]]:
    """Return the committed budgets by journey."""
    found: Mapping[str, Mapping[str, int]] = json.loads(FILE.read_text("utf-8"))
    return found


def over(effort: Effort, budget: Mapping[str, int]) -> list[str]:
    """Return in words each part that costs more than its budget."""
    return [
        f"{part}: {getattr(effort, part)}, allowed {budget[part]}"
        for part in PARTS
        if getattr(effort, part) > budget[part]
    ]


@contextmanager
def counted(page: Page, journey: str, tell: Tell) -> Iterator[Effort]:
    """Count the block as one journey; tell its cost and fail above its budget."""
    effort = Effort()

    def loaded(_: Any) -> None:
        effort.add("page_loads")

    page.context.expose_function("countEffort", lambda part: effort.add(part))
    page.add_init_script(f"({_COUNTER})()")
    page.evaluate(_COUNTER)
    page.on("domcontentloaded", loaded)
    yield effort
    page.remove_listener("domcontentloaded", loaded)
    known = budgets()
    assert journey in known, f"{journey} has no budget: add it to {FILE.name}"
    tell(journey, effort.as_json(), known[journey])
    assert not over(effort, known[journey]), (journey, over(effort, known[journey]))
