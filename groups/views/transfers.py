"""Pages that hand a group over: propose, the list of those that wait, decide."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.roles import Right
from accounts.step_up import StepUpRequired
from accounts.visibility import Viewer
from groups.actions import transfers
from groups.forms.transfers import DecisionForm, TransferForm
from groups.models import CrimeGroup, Transfer
from groups.permissions import check_can_edit
from groups.views.cards import Cell, group_cell
from groups.views.finding import found, group_for, reader, record_shown
from groups.views.form_page import FormPage
from groups.views.recording import GroupPage
from ocgmap.common.keyset import Order, page_of
from ocgmap.common.parameters import InvalidParameter, check_parameters

PAGE_SIZE = 50
WAYS = {
    "in": ("Transfers to decide", "handed to your organisation"),
    "out": ("Transfers that wait", "proposed by your organisation"),
}
_HEAD: list[Cell] = [
    {"text": "Group"},
    {"text": "From"},
    {"text": "To"},
    {"text": "Proposed"},
    {"text": "Why"},
    {"text": "Action"},
]


class ProposeTransfer(GroupPage):
    """Propose that another force or regional unit takes the group over."""

    title = "Hand the group over"
    button = "Propose the transfer"
    done = "The transfer is proposed"
    form_class = TransferForm
    note = (
        "The group stays yours until a supervisor of the receiver accepts. From then on "
        "it counts in their figures; past figures stay as they were. Facts keep their "
        "owner. Your own reference and the lead officer are taken off."
    )

    def form_arguments(self) -> dict[str, Any]:
        """Offer those who may take this group over."""
        return {"group": self.group}

    def save(self, form: TransferForm, rows: Mapping[str, list[Any]]) -> str:
        """Propose the transfer."""
        transfers.propose(
            by=self.viewer,
            group=self.group,
            **form.given("receiver", "sharing", "reason"),
        )
        return self.back


class DecisionPage(FormPage):
    """A step of a transfer that waits, with its reason."""

    form_class = DecisionForm
    transfer: Transfer

    def prepare(self, **kwargs: Any) -> None:
        """Find the transfer of the group; refuse those who may not take the step."""
        group = group_for(self.viewer, kwargs["public_id"])
        rows = Transfer.objects.visible_to(self.viewer).filter(group=group)
        self.transfer = found(
            rows.select_related("group__owner", "owner", "receiver"), kwargs["row_id"]
        )
        self.check()
        record_shown([group, self.transfer])
        self.caption = (
            f"{group.name} ({group.reference}): from {self.transfer.owner.short_name} to "
            f"{self.transfer.receiver.short_name}"
        )
        self.note = f"Why: {self.transfer.reason}"
        self.back = reverse("groups:detail", args=[group.public_id])

    def check(self) -> None:
        """Raise unless the viewer decides for the receiver."""
        transfers.check_can_decide(self.viewer, self.transfer)

    def subject(self) -> Transfer:
        """Return the transfer."""
        return self.transfer


class AcceptTransfer(StepUpRequired, DecisionPage):
    """Take a group over, having confirmed who one is."""

    title = "Take the group over"
    button = "Accept the transfer"
    done = "The group is yours"

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Accept."""
        transfers.accept(
            by=self.viewer, transfer=self.transfer, **form.given("version", "reason")
        )
        return self.back


class DeclineTransfer(DecisionPage):
    """Leave a group with its owner."""

    title = "Decline the group"
    button = "Decline the transfer"
    done = "The transfer is declined"

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Decline."""
        transfers.decline(
            by=self.viewer, transfer=self.transfer, **form.given("version", "reason")
        )
        return self.back


class TakeBackTransfer(DecisionPage):
    """Take a proposal back."""

    title = "Take the transfer back"
    button = "Take it back"
    done = "The transfer is taken back"

    def check(self) -> None:
        """Raise unless the viewer may change the group."""
        check_can_edit(self.viewer, self.transfer.group)

    def save(self, form: DecisionForm, rows: Mapping[str, list[Any]]) -> str:
        """Take it back."""
        transfers.take_back(
            by=self.viewer, transfer=self.transfer, **form.given("version", "reason")
        )
        return self.back


@require_safe
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Show the transfers that wait for the reader's organisation, or that it proposed."""
    by = reader(request)
    check_parameters(request.GET, {"way", "cursor"})
    way = request.GET.get("way", "in")
    if way not in WAYS:
        raise InvalidParameter("way: Choose in or out.", field="way")
    waiting = waiting_for(by, way)
    page = page_of(
        waiting.select_related("group", "owner", "receiver"),
        Order("id", descending=True),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    record_shown([*page.rows, *(one.group for one in page.rows)])
    title, explanation = WAYS[way]
    context = {
        "title": title,
        "explanation": explanation,
        "count": waiting.count(),
        "head": _HEAD,
        "rows": [_row(by, one) for one in page.rows],
        "others": [
            {
                "text": text,
                "url": f"{reverse('groups:transfers')}?way={key}",
                "current": key == way,
            }
            for key, (text, _) in WAYS.items()
        ],
        "next_url": _url(way, page.next),
        "previous_url": _url(way, page.previous),
    }
    return render(request, "groups/transfer_list.html", context)


def waiting_for(viewer: Viewer, way: str) -> Any:
    """Return the visible transfers that wait: into or out of one's organisation."""
    column = "receiver_id" if way == "in" else "owner_id"
    rows = Transfer.objects.visible_to(viewer).pending()
    return rows.filter(**{column: viewer.organisation_id})


def _url(way: str, cursor: str) -> str:
    return f"?way={way}&cursor={cursor}" if cursor else ""


def _row(by: Viewer, transfer: Transfer) -> list[Cell]:
    return [
        group_cell(transfer.group),
        {"text": transfer.owner.short_name},
        {"text": transfer.receiver.short_name},
        {"time": transfer.created_at},
        {"text": transfer.reason},
        {"links": steps_of(by, transfer)},
    ]


def steps_of(by: Viewer, transfer: Transfer) -> list[Cell]:
    """Return the links of the steps that ``by`` may take on a transfer that waits."""
    names = []
    if by.organisation_id == transfer.receiver_id and by.has(Right.APPROVE):
        names += [("Accept", "accept_transfer"), ("Decline", "decline_transfer")]
    if by.organisation_id == transfer.owner_id and by.has(Right.CONTRIBUTE):
        names += [("Take back", "take_back_transfer")]
    group = transfer.group
    return [
        {
            "text": text,
            "url": reverse(
                f"groups:{name}", args=[group.public_id, transfer.public_id]
            ),
            "hidden": group.reference,
        }
        for text, name in names
    ]


def pending_of(viewer: Viewer, group: CrimeGroup) -> Transfer | None:
    """Return the transfer of a group that waits, as far as ``viewer`` sees it."""
    rows = Transfer.objects.visible_to(viewer).pending().filter(group=group)
    return rows.select_related("group", "owner", "receiver").first()
