"""Pages of one record that tell more than the record: past, beside it, beneath it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from groups.models import CrimeGroup
from scoring.models import PictureLine
from tests.leak.planted import Plant
from tests.leak.planted.kit import policy_opened, unlocked, without_locks, wrapped


@contextmanager
def lines_without_a_policy() -> Iterator[None]:
    """Read for the head of a group's pages its newest line, from a table without policy."""

    def lines(original: Any, viewer: Any, ids: Any) -> dict[int, PictureLine]:
        rows = PictureLine.objects.at(None).filter(
            group_id__in=ids, scheme_version__is_primary=True
        )
        newest = rows.order_by("group_id", "-rank", "-id").distinct("group_id")
        return {row.group_id: row for row in newest}

    with (
        policy_opened("scoring_pictureline"),
        wrapped("scoring.templatetags.scoring_tags.lines_of", lines),
    ):
        yield


@contextmanager
def names_taken() -> Iterator[None]:
    """Refuse the name of another group, and say which group has it."""

    def cleaned(original: Any, form: Any) -> Any:
        values = original(form)
        name = values.get("name", "").strip()
        with without_locks():
            rows = CrimeGroup.objects.filter(name__iexact=name)
            other = rows.exclude(name=form.initial.get("name", "")).first()
        if other is not None:
            form.add_error("name", f"{other.reference} has this name already.")
        return values

    with wrapped("groups.forms.groups.GroupFields.clean", cleaned):
        yield


PLANTS = [
    Plant(
        "a history is shown by the label that the record has now",
        "history",
        ("groups:history", "groups:person_history"),
        partial(unlocked, "groups.views.history.history_of"),
    ),
    Plant(
        "a past score is that of the greatest label, down to its reports",
        "drill-down of a score",
        ("scoring:past_score",),
        partial(unlocked, "scoring.views.past_score.score_then"),
    ),
    Plant(
        "the paper of a group prints the notes and what they cite",
        "export",
        ("scoring:profile",),
        partial(unlocked, "scoring.views.profile_parts._notes"),
    ),
    Plant(
        "the bands at the head of a group come from a table without a policy",
        "table without a policy",
        ("groups:detail", "groups:people", "groups:activity", "groups:history"),
        lines_without_a_policy,
    ),
    Plant(
        "the network of a person draws links to people who are hidden",
        "network",
        ("groups:person_network", "groups:group_network"),
        partial(unlocked, "groups.views.network.network_of"),
    ),
    Plant(
        "a group names the groups that were merged into it",
        "merged records",
        ("groups:detail",),
        partial(unlocked, "groups.views.merged_records.shown_on"),
    ),
    Plant(
        "a form says which group has the name already",
        "text of an error",
        ("groups:create", "groups:edit"),
        names_taken,
    ),
]
