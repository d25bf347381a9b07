"""How each sort of notice is said."""

import datetime

import pytest

from scoring.notices.kinds import Notice, NoticeKind

AT = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)


def said(kind: NoticeKind, count: int = 1, before: str = "", after: str = "") -> str:
    return Notice(kind, count, AT, before, after).text


@pytest.mark.parametrize("kind", NoticeKind)
def test_each_kind_is_said(kind: NoticeKind) -> None:
    assert said(kind, 1, "active", "dormant")[0].isupper() or said(kind)[0] == "1"


def test_no_two_kinds_are_said_alike() -> None:
    texts = [said(kind, 3, "x", "y") for kind in NoticeKind]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("kind", "count", "before", "after", "text"),
    [
        (NoticeKind.REPORTS, 1, "", "", "1 new report"),
        (NoticeKind.REPORTS, 1200, "", "", "1,200 new reports"),
        (NoticeKind.COMPUTED, 1, "3b", "2a", "Computed band: 3b → 2a"),
        (NoticeKind.CONFIRMED, 1, "", "2a", "Confirmed band: none → 2a"),
        (NoticeKind.TIER, 1, "none", "force", "Tier: Not tiered → Force"),
        (NoticeKind.STATE, 1, "submitted", "mapped", "Record: Submitted → Mapped"),
    ],
)
def test_it_is_said_in_words(
    kind: NoticeKind, count: int, before: str, after: str, text: str
) -> None:
    assert said(kind, count, before, after) == text


@pytest.mark.parametrize("kind", [NoticeKind.OWNER, NoticeKind.LABEL])
def test_keys_of_rows_are_never_said(kind: NoticeKind) -> None:
    assert "17" not in said(kind, 1, "17", "171")
