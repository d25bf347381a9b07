"""Reports, originals, claims, mentions and returns for tests."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from accounts.actions import labels
from accounts.models import Organisation
from groups.models import CrimeGroup
from intelligence.actions.drafts import ReportDraft
from intelligence.models import AttributeClaim, Mention, Report, Return


def class_of(owner: Organisation, sharing: str = "force") -> int:
    """Return the access class of a sharing option of ``owner``."""
    options = {option.code: option.label for option in labels.options_for(owner)}
    return labels.intern(options[sharing])


class _Record(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    class Params:
        sharing = "force"

    owner = factory.LazyFunction(lambda: Organisation.objects.get(code="durham"))
    access_class_id = factory.LazyAttribute(lambda o: class_of(o.owner, o.sharing))


class ReportFactory(_Record):
    """A usable report of Durham, shared with its ROCU and the NCA."""

    class Meta:
        model = Report

    text = "Seen unloading at the yard on three nights."
    received_on = factory.LazyFunction(timezone.localdate)
    source_grade = 1
    assessment_grade = "A"
    handling = "P"


class ReturnFactory(_Record):
    """A return that is due in a week."""

    class Meta:
        model = Return

    from_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    to_on = factory.LazyFunction(timezone.localdate)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))


class MentionFactory(factory.django.DjangoModelFactory):
    """That a report mentions a group; give both."""

    class Meta:
        model = Mention

    owner = factory.SelfAttribute("report.owner")
    access_class_id = factory.LazyAttribute(
        lambda o: labels.join_of([o.report.access_class_id, o.group.access_class_id])
    )


class ClaimFactory(factory.django.DjangoModelFactory):
    """That a report claims a high level of violence; give report and group."""

    class Meta:
        model = AttributeClaim

    owner = factory.SelfAttribute("report.owner")
    access_class_id = factory.LazyAttribute(
        lambda o: labels.join_of([o.report.access_class_id, o.group.access_class_id])
    )
    attribute = "violence"
    level = "high"


def a_draft(**changes: Any) -> ReportDraft:
    """Return a draft of Durham that breaks no rule."""
    given: dict[str, Any] = {
        "text": "Seen unloading at the yard on three nights.",
        "received_on": timezone.localdate(),
        "sharing": "force",
        "source_grade": 1,
        "assessment_grade": "A",
        "handling": "P",
        **changes,
    }
    given.setdefault("owner", Organisation.objects.get(code="durham"))
    return ReportDraft(**given)


def a_group(
    owner: str = "durham", sharing: str = "force", **columns: Any
) -> CrimeGroup:
    """Return a group of an organisation, shared as usual."""
    organisation = Organisation.objects.get(code=owner)
    group = CrimeGroup(
        owner=organisation,
        access_class_id=class_of(organisation, sharing),
        name=columns.pop("name", "Yard crew"),
        record_state="mapped",
        **columns,
    )
    group.save()
    return group
