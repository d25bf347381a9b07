"""The draft behind a form: found by what its page sends, kept as typed, ended when sent.

A page carries the id of its draft, its own mark (`tab`) and the version that it knows. A
form that was opened anew has no draft yet: the first saving begins one.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from accounts.visibility import Viewer
from groups.actions import entry_drafts
from groups.exceptions import InvalidRecord
from groups.models import EntryDraft
from groups.models.entry_draft import DraftKind
from groups.views.finding import found, record_shown
from ocgmap.common.errors import AppError, NotFound
from ocgmap.common.form_rows import BUTTON

# What a page sends beside what was typed; what is looked for is asked anew.
NOT_TYPED: Final = frozenset(
    {
        *("csrfmiddlewaretoken", "draft", "version", "tab", "at", "then", BUTTON),
        *("look_for", "add", "sure", "find_groups", "find_people"),
    }
)
# The page over a draft of each kind, and the title of one that says nothing yet.
PAGES: Final[Mapping[str, tuple[str, str]]] = {
    DraftKind.GROUP: ("intelligence:draft", "A group without a name yet"),
    DraftKind.REPORT: ("intelligence:report_draft", "A report without text yet"),
    DraftKind.PERSON: ("groups:person_draft", "A person without a name yet"),
}
GONE = (
    "The draft was sent or discarded meanwhile, perhaps in another tab. What you typed "
    "is here and was not saved. Save it again to begin another draft."
)
_LONGEST_TITLE = 60


def address_of(draft: EntryDraft) -> str:
    """Return the address of the page over the draft."""
    return reverse(PAGES[draft.kind][0], args=[draft.public_id])


def title_of(draft: EntryDraft) -> str:
    """Return what the author knows the draft by."""
    names = {
        DraftKind.GROUP: ("name",),
        DraftKind.REPORT: ("text",),
        DraftKind.PERSON: ("given_names", "surname", "designation"),
    }[DraftKind(draft.kind)]
    said = " ".join(" ".join(draft.text_of(name) for name in names).split())
    return Truncator(said).chars(_LONGEST_TITLE) or PAGES[draft.kind][1]


def clock(draft: EntryDraft) -> str:
    """Return when the draft was saved last."""
    return f"{timezone.localtime(draft.changed_at):%H:%M}"


def kept(draft: EntryDraft) -> str:
    """Return what the author is told who saved the draft by its button."""
    return f"Saved {clock(draft)}. Only you see the draft."


def drafts_table(by: Viewer, *kinds: str) -> dict[str, Any]:
    """Return the reader's own drafts as a table, the newest first. Two queries."""
    rows = EntryDraft.objects.visible_to(by).begun().filter(kind__in=kinds or PAGES)
    drafts = list(rows.order_by("-changed_at"))
    record_shown(drafts)
    return {
        "head": [{"text": one} for one in ("Draft", "Kind", "Saved", "Steps")],
        "rows": [
            [
                {"text": title_of(one), "url": address_of(one)},
                {"text": one.get_kind_display()},
                {"time": one.changed_at},
                _steps(one),
            ]
            for one in drafts
        ],
    }


def _steps(draft: EntryDraft) -> dict[str, str]:
    """Return the way to the task list; the others than groups are one page."""
    if draft.kind != DraftKind.GROUP:
        return {"text": ""}
    url = reverse("intelligence:draft_tasks", args=[draft.public_id])
    return {"text": "Task list", "url": url, "hidden": f" of {title_of(draft)}"}


def discard_url(draft: EntryDraft) -> str:
    """Return the address that asks whether the draft is to go."""
    return reverse("groups:discard_draft", args=[draft.kind, draft.public_id])


def typed_in(posted: QueryDict) -> QueryDict:
    """Return what was typed of all that a page sent."""
    typed = QueryDict(mutable=True)
    for name, values in posted.lists():
        if name not in NOT_TYPED and "\0" not in name:
            typed.setlist(name, [str(value).replace("\0", "") for value in values])
    return typed


def put(
    by: Viewer, draft: EntryDraft, posted: QueryDict, typed: QueryDict
) -> EntryDraft:
    """Save what was typed into the draft, as the page that sent it may.

    Raises:
        DraftChanged: another page saved it meanwhile.
    """
    wanted = [number_in(one) for one in typed.getlist("compartments")]
    return entry_drafts.save(
        by=by,
        draft=draft,
        typed=dict(typed.lists()),
        version=number_in(posted.get("version", "")),
        tab=_tab_in(posted),
        compartments=[one for one in wanted if one],
    )


def keep(by: Viewer, kind: str, posted: QueryDict) -> EntryDraft:
    """Save what was typed into the draft of its page; begin one where there is none.

    Raises:
        DraftChanged: another page saved it meanwhile.
        InvalidRecord: nothing was sent, or too much.
        NotFound: it was sent or discarded meanwhile.
    """
    typed = typed_in(posted)
    if not typed:
        raise InvalidRecord("Nothing was typed. Type something, then save it.")
    draft = _of_page(by, kind, posted)
    if draft is None:
        posted = posted.copy()
        posted["tab"] = str(_tab_in(posted))
        draft = entry_drafts.start(by=by, kind=kind, tab=_tab_in(posted))
    return put(by, draft, posted, typed)


@contextmanager
def ending(by: Viewer, kind: str, posted: QueryDict) -> Iterator[None]:
    """Forget the draft of the form whose sending is inside, if nothing is refused.

    Raises:
        DraftChanged: another page saved it meanwhile; nothing was sent.
    """
    draft = _to_send(by, kind, posted)
    yield
    if draft is not None:
        entry_drafts.discard(by=by, draft=draft)


def _to_send(by: Viewer, kind: str, posted: QueryDict) -> EntryDraft | None:
    """Return the draft of the page, held; None where it has none, or has no more."""
    try:
        draft = _of_page(by, kind, posted)
        return draft and entry_drafts.kept_for_sending(
            by=by,
            draft=draft,
            version=number_in(posted.get("version", "")),
            tab=_tab_in(posted),
        )
    except NotFound:
        # The same form, sent twice at once: by what it is known the second is the first.
        return None


@dataclass(frozen=True, slots=True)
class OnPage:
    """What a form carries of its draft. `id` is empty before the first saving.

    `saved` says when that was, where it holds what the page shows; `is_unsaved`: the page
    shows words that no draft holds yet.
    """

    kind: str
    id: str
    version: str
    tab: str
    saved: str = ""
    is_unsaved: bool = False
    discard: str = ""

    @property
    def save(self) -> str:
        """Return the address that saves while one types."""
        return reverse("groups:save_draft", args=[self.kind])


def shown_with(
    by: Viewer, kind: str, posted: QueryDict, refusal: AppError | None = None
) -> OnPage:
    """Return what the page carries that is shown for what was posted, which is kept.

    After ``refusal`` nothing is saved until the author says so or types on.
    """
    if refusal is not None:
        is_gone = isinstance(refusal, NotFound)
        version = posted.get("version", "")
        return OnPage(
            kind,
            id="" if is_gone else posted.get("draft", ""),
            version=str(refusal.details.get("current_version", version)),
            tab=str(_tab_in(posted)),
        )
    if posted:
        try:
            return _carried(keep(by, kind, posted), posted.get("tab", ""))
        except AppError:
            # Its script tries again, and tells why not.
            return _unsaved(kind, posted)
    return OnPage(kind, id="", version="", tab=str(uuid.uuid4()))


def opened(draft: EntryDraft) -> OnPage:
    """Return what the page carries that is opened over a draft."""
    return _carried(draft, str(uuid.uuid4()))


def _carried(draft: EntryDraft, tab: str) -> OnPage:
    return OnPage(
        draft.kind,
        id=str(draft.public_id),
        version=str(draft.version),
        tab=tab,
        saved=clock(draft),
        discard=discard_url(draft),
    )


def _unsaved(kind: str, posted: QueryDict) -> OnPage:
    return OnPage(
        kind,
        id=posted.get("draft", ""),
        version=posted.get("version", ""),
        tab=str(_tab_in(posted)),
        is_unsaved=True,
    )


def told(refusal: AppError) -> str:
    """Return why a draft was not saved, for the page that shows what was typed."""
    return GONE if isinstance(refusal, NotFound) else refusal.message


def _of_page(by: Viewer, kind: str, posted: QueryDict) -> EntryDraft | None:
    """Return the draft of the page; None where nothing of it was saved yet.

    Raises:
        NotFound: it was sent or discarded meanwhile, or is another's.
    """
    own = EntryDraft.objects.visible_to(by).filter(kind=kind)
    named = posted.get("draft", "")
    if not named:
        return own.filter(tab=_tab_in(posted)).first()
    try:
        return found(own, uuid.UUID(named))
    except ValueError as error:
        raise NotFound from error


def number_in(text: str) -> int:
    """Return the number that a page sent; 0 where it is none of ours."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _tab_in(posted: QueryDict) -> uuid.UUID:
    try:
        return uuid.UUID(posted.get("tab", ""))
    except ValueError:
        return uuid.uuid4()
