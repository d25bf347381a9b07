"""Retries: the same key of the same credential never makes a second report."""

from dataclasses import dataclass

from accounts.visibility import Viewer
from intelligence.actions.drafts import ReportDraft
from intelligence.exceptions import Refused
from intelligence.models import Report
from ocgmap.common.errors import Conflict, Unprocessable

KEY_MAX_LENGTH = 80
# Holds a key of a credential to one report.
ONCE = "intelligence_report_idempotency"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to submit: under which key, and what. No key: every try is its own."""

    key: str
    credential: str
    digest: str


def attempt(draft: ReportDraft, key: str, credential: str, by: Viewer) -> Attempt:
    """Return the try; without a credential it is the user's own.

    Raises:
        Refused: the key is too long.
    """
    if len(key) > KEY_MAX_LENGTH:
        raise Refused(
            "idempotency_key",
            f"An idempotency key has at most {KEY_MAX_LENGTH} characters.",
            "Use a UUID.",
        )
    named = credential or f"user:{by.user_id}"
    return Attempt(key, named if key else "", draft.digest())


def submitted_before(one: Attempt, by: Viewer) -> Report | None:
    """Return the report of the same key, if ``by`` may still see it.

    Raises:
        Unprocessable: the key was used for another body.
    """
    if not one.key:
        return None
    former = (
        Report.objects.visible_to(by)
        .filter(idempotency_credential=one.credential, idempotency_key=one.key)
        .first()
    )
    if former is not None and former.body_digest != one.digest:
        raise Unprocessable(
            "This idempotency key was already used for a different report. Use a new "
            "key for a new report.",
            field="idempotency_key",
        )
    return former


def winner(one: Attempt, by: Viewer) -> Report:
    """Return the report that another request made with this key at the same time.

    Raises:
        Unprocessable: it has another body.
        Conflict: ``by`` may no longer see it.
    """
    former = submitted_before(one, by)
    if former is None:
        raise Conflict(
            "This idempotency key was already used. Use a new key.",
            field="idempotency_key",
        )
    return former
