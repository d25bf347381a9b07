"""What the drain owes: facts on nothing, receipts lost or stranded, marks that wait."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from groups.models import CrimeGroup
from intelligence.models import AttributeClaim, Mention
from intelligence.models.mention import TARGETS
from ocgmap.common.records import Fact
from scoring.models import Outbox, OutboxDead, Receipt
from scoring.models.outbox import NOT_COUNTED, ReceiptState
from scoring.reconciling.differences import Difference

# A mark that is older has missed the hint and many rounds of the loop.
STALLED_SECONDS = 60


def ungrounded_facts() -> Iterator[Difference]:
    """Yield each fact that has neither a citation nor a rationale."""
    for model in apps.get_models():
        if not issubclass(model, Fact) or hasattr(model, "pgh_tracked_model"):
            continue
        rows: QuerySet[Any] = model._default_manager.filter(rationale="")  # noqa: SLF001
        for target in TARGETS:
            if Mention._meta.get_field(target).related_model is model:  # noqa: SLF001
                cited = Mention.objects.filter(**{target: OuterRef("pk")})
                rows = rows.exclude(Exists(cited))
        name = model._meta.label  # noqa: SLF001
        for public_id in rows.order_by("id").values_list("public_id", flat=True):
            yield Difference("ungrounded", field=name, found=str(public_id))


def stranded_receipts() -> Iterator[Difference]:
    """Yield each receipt that waits although no mark and no dead letter bears it.

    And each that disagrees with its report on whether that is assured.
    """
    marks = Outbox.objects.filter(
        group_id=OuterRef("group_id"), cause_id=OuterRef("report_id")
    )
    dead = OutboxDead.objects.filter(group_id=OuterRef("group_id"))
    rows = Receipt.objects.filter(
        state__in=(ReceiptState.QUEUED, ReceiptState.SET_ASIDE)
    )
    rows = rows.exclude(Exists(marks)).exclude(
        Exists(dead), state=ReceiptState.SET_ASIDE
    )
    for receipt in rows.select_related("group", "report").order_by("id"):
        yield Difference(
            "receipt",
            receipt.group.reference,
            field=receipt.report.reference,
            expected=str(ReceiptState.INCLUDED),
            found=receipt.state,
        )
    yield from _unassured_receipts()


def _unassured_receipts() -> Iterator[Difference]:
    """Yield each receipt that does not say what the assurance of its report says."""
    says, is_so = Q(state__in=NOT_COUNTED), Q(report__state__in=NOT_COUNTED)
    rows = Receipt.objects.filter(says | is_so).exclude(state=F("report__state"))
    for receipt in rows.select_related("group", "report").order_by("id"):
        yield Difference(
            "receipt",
            receipt.group.reference,
            field=receipt.report.reference,
            expected=receipt.report.state,
            found=receipt.state,
        )


def lost_receipts() -> Iterator[Difference]:
    """Yield each report and group of a mention or claim that no receipt tells of."""
    receipts = Receipt.objects.filter(
        group_id=OuterRef("group_id"), report_id=OuterRef("report_id")
    )
    pairs: set[tuple[str, str]] = set()
    for model in (Mention, AttributeClaim):
        rows: QuerySet[Any] = model._default_manager.filter(  # noqa: SLF001
            ~Exists(receipts), group__isnull=False
        )
        pairs.update(rows.values_list("group__reference", "report__reference"))
    for group, report in sorted(pairs):
        expected = "a receipt"
        yield Difference(
            "receipt", group, field=report, expected=expected, found="none"
        )


def stalled_marks() -> Iterator[Difference]:
    """Yield each group whose mark waits for longer than a drain takes to come by.

    Its figures are not compared: they are old, not wrong. A mark without group means
    the profiles of readers.
    """
    long_ago = Now() - datetime.timedelta(seconds=STALLED_SECONDS)
    marks = Outbox.objects.values("group_id").annotate(since=Min("at"), n=Count("id"))
    stalled = list(marks.filter(since__lt=long_ago).order_by("since", "group_id"))
    references = dict(
        CrimeGroup.objects.filter(
            id__in=[mark["group_id"] for mark in stalled]
        ).values_list("id", "reference")
    )
    for mark in stalled:
        group = mark["group_id"]
        yield Difference(
            "waiting",
            "" if group is None else references.get(group, str(group)),
            field=f"{mark['n']} marks",
            expected=f"drained within {STALLED_SECONDS} s",
            found=f"waiting since {mark['since'].isoformat()}",
        )


def dead_letters() -> Iterator[Difference]:
    """Yield each group that was set aside, with its error."""
    references = dict(
        CrimeGroup.objects.filter(
            id__in=OutboxDead.objects.values("group_id")
        ).values_list("id", "reference")
    )
    for dead in OutboxDead.objects.order_by("group_id"):
        yield Difference(
            "dead",
            references.get(dead.group_id, str(dead.group_id)),
            field=f"{dead.tries} tries",
            found=dead.error,
        )
