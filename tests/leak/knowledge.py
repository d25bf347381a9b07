"""What each person may know of the world, worked out row by row from the labels.

The words that the world planted, the references and the public ids of every protected
row are tokens. A token is hidden from someone if no row that they may see holds it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.access import viewer_of
from accounts.actions.labels import region_of
from accounts.models import (
    AccessClass,
    LargeExport,
    MembershipProposal,
    Organisation,
    Tag,
    User,
)
from accounts.models.access_class import TagKind
from accounts.roles import Right, Role
from accounts.visibility import Label, Viewer, dominates
from groups.models import EntryDraft, Nominal, SavedChart, SavedSearch, Transfer
from intelligence.models import (
    CorrectionNotice,
    SharingChange,
    SightRequest,
    SubjectFinding,
    SubjectRequest,
)
from ocgmap.common.records import ProtectedRecord
from ocgmap.security import is_history, protected_models
from scoring.models import Judgement, SecondScoring, WhatIf
from tests.world import PEOPLE

WORD = re.compile(r"zq[a-z]{4}x", re.IGNORECASE)
NAMED = ("public_id", "reference")


@dataclass(slots=True, repr=False)
class Knowledge:
    """The tokens of all rows, and those of the rows that each person sees."""

    every: set[str] = field(default_factory=set)
    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    viewers: dict[str, Viewer] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    receivers: dict[str, int] = field(default_factory=dict)
    authors: dict[str, int | None] = field(default_factory=dict)
    region: frozenset[int] = frozenset()
    lead: int = 0
    regions: dict[int, int] = field(default_factory=dict)
    judges: set[tuple[str, int]] = field(default_factory=set)
    ids: dict[str, set[str]] = field(default_factory=dict)

    def may_edit(self, who: str, public_id: str) -> bool:
        """Return whether the record is one's own, or of the region that one leads."""
        owner, viewer = self.owners[public_id], self.viewers[who]
        leads = viewer.has(Right.MODERATE) and owner in self.region
        return leads or owner == viewer.organisation_id

    def may_score_second(self, who: str, public_id: str) -> bool:
        """Return whether a draw is of someone's region, and they did not judge it."""
        own, owner = self.viewers[who].organisation_id, self.owners[public_id]
        is_near = self.regions.get(own, own) == self.regions.get(owner, owner)
        return is_near and (public_id, self.viewers[who].user_id) not in self.judges

    def is_led(self, who: str, public_id: str) -> bool:
        """Return whether the record is of the region whose unit someone is in."""
        in_unit = self.viewers[who].organisation_id == self.lead
        return in_unit and self.owners[public_id] in self.region

    def nearness(self, who: str, public_id: str) -> int:
        """Return 2 for a record of one's own organisation, 1 for one that one leads."""
        own = self.owners[public_id] == self.viewers[who].organisation_id
        return own + self.may_edit(who, public_id)

    def hidden_from(self, who: str) -> set[str]:
        """Return the tokens that no answer to ``who`` may hold; all for a stranger."""
        return self.every - self.seen.get(who, set())

    def seen_ids(self, who: str, label: str) -> set[str]:
        """Return the ids of all rows of a model that ``who`` may see."""
        return self.ids[label] & self.seen.get(who, set())

    def sees(self, who: str, token: str) -> bool:
        return token in self.seen.get(who, set())


def gather() -> Knowledge:
    """Read every protected row, as the worker, and sort out who may know what."""
    labels = {row.pk: row.label for row in AccessClass.objects.all()}
    found = Knowledge()
    for name in PEOPLE:
        user = User.objects.get(email=f"{name}@test.example")
        found.viewers[name] = viewer_of(user)
    for model in protected_models():
        for label, tokens, author_id in _rows(model, labels):
            _note(found, label, tokens, author_id)
    for model in protected_models():
        if issubclass(model, ProtectedRecord) and not is_history(model):
            owners = model._default_manager.values_list("public_id", "owner_id")
            named = {str(public_id): owner for public_id, owner in owners}
            found.owners |= named
            found.ids[model._meta.label] = set(named)
    _note_people(found)
    _note_regions(found)
    lead = found.viewers["rocu_lead"].organisation_id
    members = Organisation.objects.placed_in(lead, timezone.localdate())
    found.lead = lead
    found.region = frozenset(members.values_list("pk", flat=True))
    for tag in Tag.objects.filter(kind=TagKind.COMPARTMENT):
        label = [Label(frozenset({tag.pk}))]
        _note(found, label, [str(tag.public_id), *WORD.findall(tag.name.lower())])
    _note_asked(found)
    _note_told(found, labels)
    return found


def _note_people(found: Knowledge) -> None:
    """Note who takes what over, and who saved, proposed or compared what."""
    for public_id, receiver in Transfer.objects.values_list("public_id", "receiver_id"):
        found.receivers[str(public_id)] = receiver
    for model in (EntryDraft, SavedChart, SavedSearch, SharingChange):
        for public_id, author in model.objects.values_list("public_id", "created_by"):
            found.authors[str(public_id)] = author
    for asked in WhatIf.objects.select_related("user"):
        public_id = str(asked.public_id)
        found.owners[public_id] = asked.user.organisation_id
        _note(found, [], {public_id}, asked.user_id)


def _note_asked(found: Knowledge) -> None:
    """Note what each may know of who enters a compartment, and of what they asked for.

    Whoever asks for a record knows its reference; no more.
    """
    for one in MembershipProposal.objects.all():
        tokens = [str(one.public_id), *WORD.findall(one.reason.lower())]
        found.owners[str(one.public_id)] = one.tag.owner_id or 0
        _note(found, [Label(frozenset({one.tag_id}))], tokens)
    for tag in Tag.objects.filter(kind=TagKind.COMPARTMENT):
        found.owners[str(tag.public_id)] = tag.owner_id or 0
    for export in LargeExport.objects.all():
        tokens = [str(export.public_id), *WORD.findall(export.reason.lower())]
        found.owners[tokens[0]] = export.organisation_id
        found.every |= set(tokens)
        for name, viewer in found.viewers.items():
            is_colleague = viewer.organisation_id == export.organisation_id
            if is_colleague and viewer.user_id != export.user_id and viewer.can_view:
                found.seen[name] |= set(tokens)
    for asked in SightRequest.objects.select_related("user"):
        public_id = str(asked.public_id)
        found.owners[public_id] = asked.user.organisation_id
        tokens = [public_id, asked.reference.lower()]
        tokens += WORD.findall(asked.reason.lower())
        _note(found, [], tokens, asked.user_id)


def _note_told(found: Knowledge, labels: Mapping[int, Label]) -> None:
    """Note what recipients are told of data that they received, and what senders see.

    Who received them knows the reference, whatever became of it; a colleague sees the
    notice who sees the person and what was said of them.
    """
    people = dict(Nominal.objects.values_list("reference", "access_class_id"))
    for one in CorrectionNotice.objects.all():
        public_id, reference = str(one.public_id), one.reference.lower()
        found.owners[public_id] = one.recipient_id or one.sender_id
        found.every.add(public_id)
        wanted = [labels[one.source_class_id], labels[people[one.reference]]]
        for name, viewer in found.viewers.items():
            is_seen = all(dominates(viewer, label) for label in wanted)
            got_it = viewer.user_id in one.received_by and bool(one.recipient_id)
            if viewer.organisation_id != found.owners[public_id] or not viewer.can_view:
                continue
            if got_it or is_seen:
                found.seen[name] |= {public_id, reference}
            if is_seen and not one.recipient_id:
                found.seen[name] |= set(WORD.findall(one.copied_for.lower()))
        found.every |= set(WORD.findall(one.copied_for.lower()))


def _note_regions(found: Knowledge) -> None:
    """Note the region of each organisation, and who judged what was drawn."""
    for one in Organisation.objects.all():
        if region := region_of(one):
            found.regions[one.pk] = region.pk
    for drawn in SecondScoring.objects.all():
        rows = Judgement.objects.filter(group=drawn.group_id)
        for author in rows.values_list("created_by", flat=True):
            found.judges.add((str(drawn.public_id), author))


def _note(
    found: Knowledge,
    label: Iterable[Label],
    tokens: Iterable[str],
    author_id: int | None = None,
) -> None:
    """Note who may know the tokens; of a draft, nobody but its author."""
    wanted, words = list(label), set(tokens)
    found.every |= words
    for name, viewer in found.viewers.items():
        if author_id not in (None, viewer.user_id):
            continue
        if all(dominates(viewer, one) for one in wanted):
            found.seen[name] |= words


def _rows(
    model: type[models.Model], labels: Mapping[int, Label]
) -> Iterable[tuple[list[Label], set[str], int | None]]:
    """Yield the labels that a reader of each row must dominate, and its tokens.

    With them the author of a row that is for the author alone.
    """
    present: dict[int, Label] = {}
    if is_history(model):
        tracked: Any = model.pgh_tracked_model  # type: ignore[attr-defined]
        rows = tracked.objects.values_list("pk", "access_class_id")
        present = {pk: labels[class_id] for pk, class_id in rows}
    answerer = User.objects.get(role=Role.RECORDS_MANAGER).pk
    for row in model._default_manager.values():
        wanted = [labels[row["access_class_id"]]]
        if is_history(model):
            wanted.append(present.get(row["pgh_obj_id"], wanted[0]))
        author_id = row["created_by_id"] if model is EntryDraft else None
        base: Any = getattr(model, "pgh_tracked_model", model)
        if base in (SubjectRequest, SubjectFinding):
            author_id = answerer
        yield wanted, _tokens(row), author_id


def _tokens(row: Mapping[str, Any]) -> set[str]:
    text = " ".join(str(value) for value in row.values()).lower()
    named = {str(row[name]).lower() for name in NAMED if row.get(name)}
    return set(WORD.findall(text)) | named
