"""Find reports by words of their text or by a reference, among visible ones."""

from django.db.models import Q

from accounts.visibility import Viewer
from intelligence.models import Report
from intelligence.models.report import ReportQuerySet


def reports_matching(viewer: Viewer, text: str) -> ReportQuerySet:
    """Return the visible reports with every word in their text, or this reference."""
    text = text.replace("\0", " ").strip()
    return Report.objects.visible_to(viewer).filter(matching(text))


def matching(text: str) -> Q:
    """Return the condition that a report holds every word, or bears this reference."""
    held = Q()
    for word in text.split():
        held &= Q(text__icontains=word)
    return held | Q(reference__iexact=text) | Q(owner_reference__iexact=text)
