"""What a person asked of the organisation, and what was found and decided."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.lookups import Exact

from groups.models import CrimeGroup, Identifier, Involvement, Membership, Nominal
from intelligence.models.report import Report
from intelligence.subject_rights import (
    DECISIONS,
    GROUNDS,
    SECTIONS,
    STATES,
    WHOLE,
    Decision,
    State,
)
from ocgmap.common.identifiers import new_subject_reference
from ocgmap.common.records import ProtectedQuerySet, ProtectedRecord

# What can be found, by the column that points at it.
FOUND: dict[str, type[ProtectedRecord]] = {
    "nominal": Nominal,
    "identifier": Identifier,
    "membership": Membership,
    "involvement": Involvement,
    "report": Report,
    "group": CrimeGroup,
}


def _choices(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(one.value, text) for one, text in words.items()]


class SubjectRequestQuerySet(ProtectedQuerySet["SubjectRequest"]):
    """Which requests?"""

    def open(self) -> Self:
        """Keep those that wait for an answer."""
        return self.filter(state=State.OPEN)


@pghistory.track()
class SubjectRequest(ProtectedRecord):
    """That a person asked for their rights. Its label is its organisation's own.

    Only those of the owner who answer such requests see it. `due_on` is computed from the
    days before it; it is empty while the person has yet to say who they are.
    """

    reference = models.CharField(
        max_length=14, unique=True, default=new_subject_reference, editable=False
    )
    section = models.CharField(max_length=3, choices=_choices(SECTIONS))
    given_names = models.CharField(max_length=120, blank=True)
    surname = models.CharField(max_length=120)
    born_on = models.DateField(null=True, blank=True)
    identifiers = models.TextField(blank=True, max_length=2000)
    asked_for = models.TextField(blank=True, max_length=2000)
    received_on = models.DateField()
    is_identity_asked = models.BooleanField(default=False)
    identity_confirmed_on = models.DateField(null=True, blank=True)
    is_extended = models.BooleanField(default=False)
    extension_reason = models.TextField(blank=True, max_length=1000)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=9, choices=_choices(STATES), default=State.OPEN.value
    )
    whole_ground = models.CharField(
        max_length=9, choices=_choices(WHOLE), blank=True, default=""
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decision_reason = models.TextField(blank=True, max_length=1000)

    objects = SubjectRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state="open", decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state="open")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision_reason="")
                ),
                name="intelligence_subjectrequest_decided_by_someone",
                violation_error_message="A decision says when, by whom and why.",
            ),
            models.CheckConstraint(
                condition=Q(whole_ground="") | Q(state="refused"),
                name="intelligence_subjectrequest_whole_is_refused",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def name(self) -> str:
        """Return the name that was typed."""
        return f"{self.given_names} {self.surname}".strip()


class SubjectFindingQuerySet(ProtectedQuerySet["SubjectFinding"]):
    """Which findings?"""

    def standing(self) -> Self:
        """Leave out those whose fact was withdrawn since: it counts nowhere."""
        return self.filter(
            membership__withdrawn_at__isnull=True,
            involvement__withdrawn_at__isnull=True,
        )


@pghistory.track()
class SubjectFinding(ProtectedRecord):
    """That a record of the owner is about the person, and what is done with it.

    Its label is at least as strict as those of the request and of the record, so that a
    colleague who does not see the record does not learn that it was found. It holds the
    id of the record and nothing of its content, and goes with it.
    """

    request = models.ForeignKey(
        SubjectRequest, on_delete=models.PROTECT, related_name="findings"
    )
    nominal = models.ForeignKey(
        Nominal, on_delete=models.PROTECT, null=True, related_name="+"
    )
    identifier = models.ForeignKey(
        Identifier, on_delete=models.PROTECT, null=True, related_name="+"
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+"
    )
    involvement = models.ForeignKey(
        Involvement, on_delete=models.PROTECT, null=True, related_name="+"
    )
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, related_name="subject_findings"
    )
    group = models.ForeignKey(
        CrimeGroup, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision = models.CharField(
        max_length=10, choices=_choices(DECISIONS), default=Decision.UNDECIDED.value
    )
    grounds = ArrayField(
        models.CharField(max_length=1, choices=_choices(GROUNDS)),
        default=list,
        blank=True,
    )
    is_neutral = models.BooleanField(default=False)
    reason = models.TextField(blank=True, max_length=1000)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    label_parents: ClassVar[tuple[str, ...]] = ("request", *FOUND)
    objects = SubjectFindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(
                    Func(
                        *(F(f"{one}_id") for one in FOUND),
                        function="num_nonnulls",
                        output_field=IntegerField(),
                    ),
                    1,
                ),
                name="intelligence_subjectfinding_one_record",
            ),
            models.UniqueConstraint(
                fields=["request", *FOUND],
                nulls_distinct=False,
                name="intelligence_subjectfinding_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    decision="undecided",
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                )
                | (
                    ~Q(decision="undecided")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reason="")
                ),
                name="intelligence_subjectfinding_decided_by_someone",
                violation_error_message="A decision says when, by whom and why.",
            ),
            models.CheckConstraint(
                condition=Q(decision="refuse", grounds__len__gte=1)
                | (~Q(decision="refuse") & Q(grounds__len=0, is_neutral=False)),
                name="intelligence_subjectfinding_refused_on_grounds",
                violation_error_message="A refusal names at least one ground.",
            ),
        ]

    def __str__(self) -> str:
        return f"finding {self.pk}"

    @property
    def kind(self) -> str:
        """Return which sort of record was found, as a key of `FOUND`."""
        return next(one for one in FOUND if getattr(self, f"{one}_id") is not None)

    @property
    def record(self) -> Any:
        """Return the record that was found. May query."""
        return getattr(self, self.kind)
