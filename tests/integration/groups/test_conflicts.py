"""Two people change one record: nothing typed is lost, nothing is overwritten unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.visibility import Viewer
from groups.actions import (
    activities,
    activity_corrections,
    facts,
    groups,
    memberships,
    people,
)
from groups.actions.activities import PlaceDraft
from groups.actions.activity_corrections import PartChange
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    Membership,
    Nominal,
    ThreatType,
)
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import As
from tests.conflicts import chosen_on
from tests.integration.groups.test_correction_pages import typed_in

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def shown_on(answer: Any) -> dict[str, tuple[Any, ...]]:
    """Return the three texts of each difference, and whose is chosen already."""
    return {
        one.key: (one.was, one.now, one.typed, one.keep)
        for one, _, _ in answer.context["differences"]
    }


@pytest.fixture
def supervisor(viewer: Callable[[str], Viewer]) -> Viewer:
    return viewer("owner_supervisor")


def test_each_field_is_shown_three_times_and_one_sided_ones_are_chosen(
    acting: As,
    by: Viewer,
    supervisor: Viewer,
    client_as: SignIn,
    group: CrimeGroup,
) -> None:
    client = client_as("owner_analyst")
    address = url("edit", group.public_id)
    typed = typed_in(client.get(address), name="Mine", summary="My long text")
    with acting("owner_supervisor"):
        groups.edit(
            by=supervisor, group=group, version=1, name="Theirs", tier="national"
        )
    page = client.post(address, typed)
    assert shown_on(page) == {
        "name": ("Fictional group", "Theirs", "Mine", None),
        "summary": (group.summary, group.summary, "My long text", "mine"),
        "tier": ("Not tiered", "National", "Not tiered", "theirs"),
    }
    assert "Owner Supervisor, Durham" in page.text
    unchosen = client.post(address, chosen_on(page))
    assert "was changed by you and by someone else" in unchosen.text
    assert 'href="#id_keep-name_0"' in unchosen.text
    assert client.post(address, chosen_on(unchosen, name="mine")).status_code == 302
    with acting("owner_analyst"):
        now = CrimeGroup.objects.visible_to(by).get()
    assert (now.name, now.summary, now.tier, now.version) == (
        "Mine",
        "My long text",
        "national",
        3,
    )


def test_a_third_change_gives_the_page_again_with_the_choices(
    acting: As,
    by: Viewer,
    supervisor: Viewer,
    client_as: SignIn,
    group: CrimeGroup,
) -> None:
    client = client_as("owner_analyst")
    address = url("edit", group.public_id)
    typed = typed_in(client.get(address), name="Mine", summary="My long text")
    with acting("owner_supervisor"):
        groups.edit(by=supervisor, group=group, version=1, name="Theirs")
    page = client.post(address, typed)
    with acting("owner_supervisor"):
        groups.edit(by=supervisor, group=group, version=2, name="Third", tier="force")
    again = client.post(address, chosen_on(page, name="theirs"))
    assert shown_on(again)["name"] == ("Fictional group", "Third", "Mine", None)
    assert again.context["differences"][0][2].value() == "theirs"
    assert shown_on(again)["summary"][2] == "My long text"
    assert client.post(address, chosen_on(again)).status_code == 302
    with acting("owner_analyst"):
        now = CrimeGroup.objects.visible_to(by).get()
    assert (now.name, now.summary, now.tier) == ("Third", "My long text", "force")


def test_back_to_the_form_shows_what_was_chosen_and_saves_nothing(
    acting: As, by: Viewer, supervisor: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    address = url("edit", group.public_id)
    typed = typed_in(client.get(address), name="Mine", summary="My long text")
    with acting("owner_supervisor"):
        groups.edit(by=supervisor, group=group, version=1, name="Theirs")
    page = client.post(address, typed)
    form = client.post(address, chosen_on(page, name="theirs") | {"look": "1"})
    shown = form.context["form"]
    assert (shown["name"].value(), shown["summary"].value()) == (
        "Theirs",
        "My long text",
    )
    assert client.post(address, typed_in(form, name="Both")).status_code == 302
    with acting("owner_analyst"):
        assert CrimeGroup.objects.visible_to(by).get().name == "Both"


def test_predominant_threat_is_asked_for_where_threats_were_changed(
    acting: As, by: Viewer, supervisor: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    address = url("edit", group.public_id)
    typed = typed_in(client.get(address), name="Mine")
    with acting("owner_supervisor"):
        groups.edit(
            by=supervisor,
            group=group,
            version=1,
            tier="force",
            predominant_threat=ThreatType.objects.get(code="illegal-drugs"),
            rationale="Two reports",
        )
    page = client.post(address, typed)
    was, now, typed_words, keep = shown_on(page)["predominant_threat"]
    assert (was, typed_words, keep) == (None, "", None)
    assert now


def test_base_of_another_label_is_not_told(
    acting: As,
    by: Viewer,
    supervisor: Viewer,
    client_as: SignIn,
    group: CrimeGroup,
    hidden: CrimeGroup,
) -> None:
    """Where a state since was hidden, nothing of what was is told: both are asked."""
    client = client_as("owner_analyst")
    address = url("edit", group.public_id)
    typed = typed_in(client.get(address), name="Mine")
    with acting("owner_supervisor"):
        groups.edit(by=supervisor, group=group, version=1, name="Theirs")
    with acting_as(system("test")):
        rows = CrimeGroup.objects.filter(pk=group.pk)
        rows.update(access_class_id=hidden.access_class_id)
        rows.update(access_class_id=group.access_class_id)
    page = client.post(address, typed)
    assert shown_on(page) == {"name": (None, "Theirs", "Mine", None)}
    assert "Fictional group" not in page.text
    assert "Owner Supervisor" not in page.text


@pytest.mark.parametrize("version", ["0", "7", "99999999999"])
def test_a_version_that_never_was_has_no_base(
    client_as: SignIn, group: CrimeGroup, version: str
) -> None:
    client = client_as("owner_analyst")
    address = url("edit", group.public_id)
    typed = typed_in(client.get(address), name="Mine", version=version)
    page = client.post(address, typed)
    assert page.status_code == 200
    if "differences" in page.context:
        assert shown_on(page) == {"name": (None, "Fictional group", "Mine", None)}


def test_a_step_shows_what_was_changed_and_keeps_the_reason(
    acting: As, by: Viewer, supervisor: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    address = url("change_state", group.public_id)
    typed = typed_in(
        client.get(address), step="record_state:submitted", reason="Complete"
    )
    with acting("owner_supervisor"):
        groups.edit(by=supervisor, group=group, version=1, name="Theirs")
    page = client.post(address, typed)
    assert ["Fictional group", "Theirs"] in [
        [cell["text"] for cell in row[1:]] for row in page.context["meanwhile"]
    ]
    assert "Owner Supervisor, Durham" in page.text
    assert page.context["form"]["reason"].value() == "Complete"
    assert client.post(address, typed_in(page)).status_code == 302


def test_person_and_membership(
    acting: As,
    by: Viewer,
    supervisor: Viewer,
    client_as: SignIn,
    group: CrimeGroup,
    nominal: Nominal,
) -> None:
    client = client_as("owner_analyst")
    with acting("owner_analyst"):
        member = memberships.add_member(
            by=by,
            group=group,
            nominal=nominal,
            dpa_category="suspect",
            rationale="Seen",
        )
    person = url("person_edit", nominal.public_id)
    typed = typed_in(client.get(person), born_year="1980", born_precision="")
    membership = url("edit_member", group.public_id, member.public_id)
    standing = typed_in(client.get(membership), standing="principal")
    with acting("owner_supervisor"):
        people.edit_nominal(by=supervisor, nominal=nominal, version=1, gender="male")
        memberships.edit_member(
            by=supervisor, membership=member, version=1, rationale="Seen twice"
        )
    page = client.post(person, typed)
    found = shown_on(page)
    assert found["born"][2:] == ("1980", "mine")
    assert found["gender"] == ("Not known", "Male", "Not known", "theirs")
    assert client.post(person, chosen_on(page)).status_code == 302
    page = client.post(membership, standing)
    assert shown_on(page)["rationale"] == ("Seen", "Seen twice", "Seen", "theirs")
    assert client.post(membership, chosen_on(page)).status_code == 302
    with acting("owner_analyst"):
        now = Nominal.objects.visible_to(by).get(pk=nominal.pk)
        assert (now.gender, now.born_from and now.born_from.year) == ("male", 1980)
        kept = Membership.objects.visible_to(by).get()
        assert (kept.standing, kept.rationale) == ("principal", "Seen twice")


@pytest.fixture
def activity(acting: As, by: Viewer, group: CrimeGroup) -> Activity:
    with acting("owner_analyst"):
        return activities.add(
            by=by,
            group=group,
            threat_type=ThreatType.objects.get(code="illegal-drugs"),
            rationale="Seen",
            places=[
                PlaceDraft("group", outcode="DH1"),
                PlaceDraft("harm", outcode="DH2"),
            ],
        )


def _places(viewer: Viewer) -> list[str]:
    rows = ActivityPlace.objects.visible_to(viewer).order_by("outcode")
    return list(rows.values_list("outcode", flat=True))


def _correct_place(by: Viewer, activity: Activity, outcode: str, **more: Any) -> None:
    places = {one.outcode: one for one in ActivityPlace.objects.visible_to(by)}
    change = PartChange(
        PlaceDraft("group", outcode=more.pop("to", outcode)),
        places[outcode].public_id,
        **more,
    )
    activity_corrections.correct(
        by=by,
        activity=activity,
        version=activity_corrections.parts_version(by, activity),
        reason="Wrong",
        places=[change],
    )


def test_places_of_an_activity_are_compared_row_by_row(
    acting: As, by: Viewer, supervisor: Viewer, client_as: SignIn, activity: Activity
) -> None:
    client = client_as("owner_analyst")
    address = url(
        "correct_fact", activity.group.public_id, "activities", activity.public_id
    )
    shown = client.get(address)
    typed = typed_in(
        shown, **{"reason": "Mine", "places-0-outcode": "DH7", "modus": "By van"}
    )
    with acting("owner_supervisor"):
        _correct_place(supervisor, activity, "DH1", to="DH8")
    page = client.post(address, typed)
    found = shown_on(page)
    assert found["modus"] == ("", "", "By van", "mine")
    was, now, mine, keep = found["places-0"]
    assert "DH1" in was
    assert "DH8" in now
    assert "DH7" in mine
    assert keep is None
    assert set(found) == {"modus", "places-0"}
    taken = client.post(address, chosen_on(page, **{"places-0": "theirs"}))
    assert taken.status_code == 302
    with acting("owner_analyst"):
        assert _places(by) == ["DH2", "DH8"]
        assert Activity.objects.visible_to(by).get().modus == "By van"


@pytest.mark.parametrize(
    ("side", "left"), [("theirs", ["DH2"]), ("mine", ["DH2", "DH7"])]
)
def test_a_place_that_was_withdrawn_meanwhile(
    acting: As,
    by: Viewer,
    supervisor: Viewer,
    client_as: SignIn,
    activity: Activity,
    side: str,
    left: list[str],
) -> None:
    client = client_as("owner_analyst")
    address = url(
        "correct_fact", activity.group.public_id, "activities", activity.public_id
    )
    typed = typed_in(
        client.get(address), **{"reason": "Mine", "places-0-outcode": "DH7"}
    )
    with acting("owner_supervisor"):
        _correct_place(supervisor, activity, "DH1", is_withdrawn=True)
    page = client.post(address, typed)
    assert shown_on(page)["places-0"][1] == "Withdrawn"
    taken = client.post(address, chosen_on(page, **{"places-0": side}))
    assert taken.status_code == 302
    with acting("owner_analyst"):
        assert _places(by) == left


def test_choosing_twice_is_one_change(
    acting: As, by: Viewer, supervisor: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    address = url("edit", group.public_id)
    typed = typed_in(client.get(address), name="Mine")
    with acting("owner_supervisor"):
        groups.edit(by=supervisor, group=group, version=1, name="Theirs")
    chosen = chosen_on(client.post(address, typed), name="mine")
    assert client.post(address, chosen).status_code == 302
    assert client.post(address, chosen).status_code == 302
    with acting("owner_analyst"):
        assert CrimeGroup.objects.visible_to(by).get().version == 3


def test_ending_what_was_corrected_meanwhile(
    acting: As, by: Viewer, supervisor: Viewer, client_as: SignIn, activity: Activity
) -> None:
    client = client_as("owner_analyst")
    address = url(
        "end_fact", activity.group.public_id, "activities", activity.public_id
    )
    typed = typed_in(
        client.get(address),
        to_on_day="1",
        to_on_month="3",
        to_on_year="2026",
        reason="Raided",
    )
    with acting("owner_supervisor"):
        facts.correct(
            by=supervisor,
            fact=activity,
            version=1,
            reason="More",
            values={"modus": "By boat"},
        )
    page = client.post(address, typed)
    assert "By boat" in page.text
    assert page.context["form"]["reason"].value() == "Raided"
    assert client.post(address, typed_in(page)).status_code == 302
