"""What any line must hold to, closed ones above all: a past figure is their sum.

Gaps are no difference: a group that is hidden, scored at read or merged away has no
line for as long as it is so.
"""

from collections.abc import Iterator, Mapping

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from groups.models import CrimeGroup
from scoring.models import PictureLine
from scoring.models.picture_line import PictureLineQuerySet
from scoring.reconciling.differences import Difference, label_text

# Field of a line, and where its assessment says the same.
_SAME = {
    "group_id": "group_id",
    "access_class_id": "access_class_id",
    "scheme_version_id": "scheme_version_id",
    "computed_band": "band",
    "unknown_count": "unknown_count",
    "attribute_count": "attribute_count",
    "unjudged_count": "unjudged_count",
}
_LABEL_RANK = F("access_class__requires__len") * 8 + F("access_class__marking")


def past_differences(tag_codes: Mapping[int, str]) -> Iterator[Difference]:
    """Yield each line that overlaps another, lies in the future or is wrong of old."""
    for line in _read(_overlapping()):
        yield Difference("overlap", **_about(line, tag_codes), found=_period(line))
    for line in _read(_in_the_future()):
        yield Difference("future", **_about(line, tag_codes), found=_period(line))
    for line in _read(_disagreeing()):
        about = _about(line, tag_codes)
        for name, other in _SAME.items():
            stored, expected = getattr(line, name), getattr(line.assessment, other)
            if stored != expected:
                yield _wrong(line, about, name, str(expected))
    for line in _read(_misranked()):
        most = line.access_class.label.rank
        expected = f"less than {most}" if line.is_raised else str(most)
        yield _wrong(line, _about(line, tag_codes), "rank", expected)
    for line in _read(_astray()):
        expected = str(not line.is_disposed)
        yield _wrong(line, _about(line, tag_codes), "is_disposed", expected)


def _read(lines: PictureLineQuerySet) -> Iterator[PictureLine]:
    related = ("access_class", "scheme_version", "assessment")
    yield from lines.select_related(*related).order_by("group_id", "id")


def _overlapping() -> PictureLineQuerySet:
    """Keep the lines that begin before an older one of their kind has ended."""
    before = Q(valid_from__lt=OuterRef("valid_from")) | Q(
        valid_from=OuterRef("valid_from"), id__lt=OuterRef("id")
    )
    older = PictureLine.objects.filter(
        before,
        Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_from")),
        group_id=OuterRef("group_id"),
        access_class_id=OuterRef("access_class_id"),
        scheme_version_id=OuterRef("scheme_version_id"),
        is_raised=False,
    )
    return PictureLine.objects.filter(Exists(older), is_raised=False)


def _in_the_future() -> PictureLineQuerySet:
    return PictureLine.objects.filter(Q(valid_from__gt=Now()) | Q(valid_to__gt=Now()))


def _disagreeing() -> PictureLineQuerySet:
    """Keep the closed lines that say other than their assessment.

    Open ones are computed again, assessment and all.
    """
    same = Q(**{line: F(f"assessment__{other}") for line, other in _SAME.items()})
    return PictureLine.objects.filter(~same, valid_to__isnull=False)


def _misranked() -> PictureLineQuerySet:
    """Keep the closed lines that a reader would be given before, or after, others."""
    wrong = Q(is_raised=False) & ~Q(rank=_LABEL_RANK)
    wrong |= Q(is_raised=True, rank__gte=_LABEL_RANK)
    return PictureLine.objects.filter(wrong, valid_to__isnull=False)


def _astray() -> PictureLineQuerySet:
    """Keep the lines that say of their group that it is gone, and it is not; or do not."""
    held = Exists(CrimeGroup.objects.filter(pk=OuterRef("group_id")))
    return PictureLine.objects.filter(
        Q(held, is_disposed=True) | ~held & Q(is_disposed=False)
    )


def _named(group_id: int) -> str:
    """Return the reference of a group; its key where it was disposed of."""
    found = CrimeGroup.objects.filter(pk=group_id).values_list("reference", flat=True)
    return found.first() or f"disposed of: {group_id}"


def _period(line: PictureLine) -> str:
    end = line.valid_to.isoformat() if line.valid_to else "open"
    return f"{line.valid_from.isoformat()} to {end}"


def _about(line: PictureLine, tag_codes: Mapping[int, str]) -> dict[str, str]:
    scheme = line.scheme_version
    return {
        "group": _named(line.group_id),
        "label": label_text(line.access_class.label, tag_codes),
        "scheme": f"{scheme.name} {scheme.version}",
        "field": "line",
    }


def _wrong(
    line: PictureLine, about: Mapping[str, str], name: str, expected: str
) -> Difference:
    found = f"{getattr(line, name)} ({_period(line)})"
    return Difference(
        "wrong", **{**about, "field": f"past.{name}"}, expected=expected, found=found
    )
