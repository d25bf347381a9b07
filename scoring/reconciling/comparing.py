"""Field by field: an expected line beside the stored one."""

from collections.abc import Collection, Iterator, Mapping

from groups.models import CrimeGroup
from scoring.engine import Scheme
from scoring.models import PictureLine, ScoreHead
from scoring.reconciling.differences import Difference
from scoring.reconciling.expecting import Expected

Place = tuple[str, int]


def lines(
    group: CrimeGroup,
    wanted: Mapping[Place, Expected],
    found: Mapping[Place, PictureLine],
    schemes: Mapping[int, Scheme],
) -> Iterator[Difference]:
    """Yield what is missing, extra or wrong among one group's lines.

    A place is the label as text and the id of the scheme version.
    """
    for place in sorted(wanted.keys() | found.keys()):
        label, scheme_id = place
        scheme = schemes.get(scheme_id)
        name = f"{scheme.key} {scheme.version}" if scheme else f"no scheme {scheme_id}"
        about = {"group": group.reference, "label": label, "scheme": name}
        if place not in found:
            yield Difference("missing", **about, field="line")
        elif place not in wanted:
            yield Difference("extra", **about, field="line")
        else:
            yield from _fields(wanted[place], found[place], about)


def _fields(
    wanted: Expected, found: PictureLine, about: Mapping[str, str]
) -> Iterator[Difference]:
    for row, content, prefix in (
        (found, wanted.line, ""),
        (found.assessment, wanted.assessment, "assessment."),
    ):
        for name, expected in content.items():
            stored = getattr(row, name)
            if stored != expected:
                yield Difference(
                    "wrong",
                    **about,
                    field=prefix + name,
                    expected=str(expected),
                    found=str(stored),
                )
    same = ("group_id", "access_class_id", "scheme_version_id")
    if any(getattr(found, name) != getattr(found.assessment, name) for name in same):
        yield Difference("wrong", **about, field="assessment")


def heads(
    group: CrimeGroup,
    head: ScoreHead | None,
    is_live: bool,
    wanted: Collection[Expected],
) -> Iterator[Difference]:
    """Yield what is wrong with a group's head: missing, live or not, or due too late."""
    if head is None:
        yield Difference("missing", group.reference, field="head")
        return
    if head.is_live != is_live:
        yield Difference(
            "wrong",
            group.reference,
            field="head.is_live",
            expected=str(is_live),
            found=str(head.is_live),
        )
    turns_on = min((one.turns_on for one in wanted if one.turns_on), default=None)
    noted = head.next_change_on
    if turns_on is not None and (noted is None or noted > turns_on):
        yield Difference(
            "wrong",
            group.reference,
            field="head.next_change_on",
            expected=f"{turns_on} or before",
            found=str(noted),
        )
