import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from accounts.exceptions import NotOwner
from accounts.visibility import Viewer
from groups.actions import activities, aliases, facts, identifiers, links, threats
from groups.actions.activities import PlaceDraft, QuantityDraft
from groups.exceptions import AlreadyRecorded, InvalidRecord
from groups.models import (
    Activity,
    ActivityPlace,
    CrimeGroup,
    GroupAlias,
    GroupThreat,
    Identifier,
    IdentifierUse,
    Nominal,
    Offence,
    PersonLink,
    ThreatType,
)
from ocgmap.common.errors import InvalidTransition, NotFound, StaleVersion
from tests.cast import As
from tests.factories.groups import NominalFactory, organisation

pytestmark = pytest.mark.django_db

Audited = Callable[[str], list[tuple[str, list[int], str]]]
Find = Callable[[str], Viewer]


def drugs() -> ThreatType:
    return ThreatType.objects.get(code="illegal-drugs")


# Activities


def test_activity_comes_with_places_and_quantities(
    acting: As, by: Viewer, group: CrimeGroup, audited: Audited
) -> None:
    with acting("owner_analyst"):
        activity = activities.add(
            by=by,
            group=group,
            threat_type=drugs(),
            offence=Offence.objects.get(code="92A"),
            modus="By lorry",
            places=[
                PlaceDraft("group", organisation()),
                PlaceDraft("harm", outcode="dh1"),
                PlaceDraft("transit", country="nl"),
            ],
            quantities=[
                QuantityDraft("cocaine", "kg", Decimal("1.5")),
                QuantityDraft("cash", "gbp", low=Decimal(10), high=Decimal(20)),
            ],
        )
        places = ActivityPlace.objects.visible_to(by).filter(activity=activity)
        assert {(p.role, p.outcode, p.country) for p in places} == {
            ("group", "", "GB"),
            ("harm", "DH1", "GB"),
            ("transit", "", "NL"),
        }
        currencies = activity.quantities.values_list("currency", flat=True)
        assert sorted(currencies) == ["", "GBP"]
    assert audited("groups.Activity") == [("collection", [activity.pk], "")]


@pytest.mark.parametrize(
    ("values", "field", "row"),
    [
        ({"modus": "x" * 4001}, "modus", None),
        ({"places": [PlaceDraft("group", outcode="DH1 3LE!")]}, "outcode", 0),
        ({"places": [PlaceDraft("group", country="England")]}, "country", 0),
        ({"places": [PlaceDraft("group")]}, "area", 0),
        ({"places": [PlaceDraft("x", outcode="DH1")]}, "role", 0),
        ({"quantities": [QuantityDraft("people", "items")]}, "commodity", 0),
        ({"quantities": [QuantityDraft("cash", "coins")]}, "unit", 0),
        ({"quantities": [QuantityDraft("cash", "gbp")]}, "amount", 0),
        ({"quantities": [QuantityDraft("cash", "gbp", Decimal("NaN"))]}, "amount", 0),
        (
            {
                "quantities": [
                    QuantityDraft("cash", "gbp", None, Decimal(2), Decimal(1))
                ]
            },
            "high",
            0,
        ),
    ],
)
def test_activity_with_a_wrong_row_writes_nothing(
    acting: As,
    by: Viewer,
    group: CrimeGroup,
    values: dict[str, Any],
    field: str,
    row: int | None,
) -> None:
    with acting("owner_analyst"):
        with pytest.raises(InvalidRecord) as caught:
            activities.add(by=by, group=group, threat_type=drugs(), **values)
        assert (caught.value.field, caught.value.details.get("row")) == (field, row)
        assert not Activity.objects.visible_to(by).exists()


# Threats, aliases


def test_threat_is_recorded_once(
    acting: As, by: Viewer, group: CrimeGroup, audited: Audited
) -> None:
    with acting("owner_analyst"):
        threat = threats.add(by=by, group=group, threat_type=drugs())
        with pytest.raises(AlreadyRecorded):
            threats.add(by=by, group=group, threat_type=drugs())
    assert audited("groups.GroupThreat") == [("collection", [threat.pk], "")]


def test_predominant_threat_can_be_taken_back(
    acting: As, by: Viewer, group: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        threats.add(by=by, group=group, threat_type=drugs(), is_predominant=True)
        threats.make_predominant(by=by, group=group, threat_type=None)
        assert not GroupThreat.objects.filter(is_predominant=True).exists()


def test_alias_of_group_and_person(
    acting: As, by: Viewer, group: CrimeGroup, nominal: Nominal, audited: Audited
) -> None:
    with acting("owner_analyst"):
        aliases.add(by=by, group=group, name="  The  Elms ", kind="operation")
        with pytest.raises(AlreadyRecorded):
            aliases.add(by=by, group=group, name="the elms")
        with pytest.raises(InvalidRecord):
            aliases.add(by=by, group=group, name=" ")
        with pytest.raises(InvalidRecord):
            aliases.add_to_person(by=by, nominal=nominal)
        aliases.add_to_person(by=by, nominal=nominal, surname="Red", kind="nickname")
        assert GroupAlias.objects.visible_to(by).get().name == "The Elms"
    assert len(audited("groups.GroupAlias")) == 1
    assert len(audited("groups.NominalAlias")) == 1


@pytest.mark.parametrize("add", [aliases.add, threats.add])
def test_hidden_group_answers_as_absent(
    acting: As, by: Viewer, hidden: CrimeGroup, add: Callable[..., Any]
) -> None:
    values: dict[str, Any] = (
        {"name": "Elms"} if add is aliases.add else {"threat_type": ThreatType()}
    )
    with acting("owner_analyst"), pytest.raises(NotFound):
        add(by=by, group=hidden, **values)


# Links


def test_people_who_are_both_visible_can_be_linked(
    acting: As,
    by: Viewer,
    viewer: Find,
    nominal: Nominal,
    hidden_person: Nominal,
    audited: Audited,
) -> None:
    officer = viewer("nca_officer")
    with acting("nca_officer"):
        link = links.link_people(
            by=officer, a=nominal, b=hidden_person, kind="associate", rationale="Calls"
        )
        with pytest.raises(NotOwner):
            links.link_people(
                by=officer,
                a=nominal,
                b=hidden_person,
                kind="associate",
                owner=organisation(),
            )
        with pytest.raises(InvalidRecord):
            links.link_people(by=officer, a=nominal, b=nominal, kind="associate")
    assert link.owner_id == officer.organisation_id
    with acting("owner_analyst"):
        assert not PersonLink.objects.visible_to(by).exists()
        with pytest.raises(NotFound):
            links.link_people(by=by, a=nominal, b=hidden_person, kind="associate")
    assert audited("groups.PersonLink") == [("collection", [link.pk], "")]


def test_groups_can_be_linked(
    acting: As, by: Viewer, group: CrimeGroup, hidden: CrimeGroup
) -> None:
    with acting("owner_analyst"):
        with pytest.raises(InvalidRecord):
            links.link_groups(by=by, a=group, b=group, kind="supply")
        with pytest.raises(NotFound):
            links.link_groups(by=by, a=group, b=hidden, kind="supply")


# Identifiers


def test_identifier_is_found_under_any_spelling(
    acting: As, by: Viewer, nominal: Nominal, audited: Audited
) -> None:
    with acting("owner_analyst"):
        number = identifiers.record(
            by=by,
            owner=organisation(),
            kind="phone",
            value="07700 900123",
            sharing="force",
            nominal=nominal,
        )
        for spelling in ("+44 7700-900123", "0044 7700 900 123", "07700900123"):
            assert identifiers.look_up(by=by, value=spelling) == [number]
        assert identifiers.look_up(by=by, value="07700900124") == []
        assert identifiers.look_up(by=by, value="07700900123", kind="vehicle") == []
    assert number.normalised == "+447700900123"
    assert [row[0] for row in audited("groups.Identifier")] == [
        "collection",
        *["consultation"] * 5,
    ]


def test_identifier_is_used_again_for_another_person(
    acting: As, by: Viewer, nominal: Nominal
) -> None:
    told: dict[str, Any] = {
        "by": by,
        "kind": "vehicle",
        "value": "ab12 cde",
        "sharing": "force",
    }
    with acting("owner_analyst"):
        told["owner"] = organisation()
        first = identifiers.record(nominal=nominal, **told)
        second = identifiers.record(nominal=NominalFactory(by=by), **told)
        with pytest.raises(AlreadyRecorded):
            identifiers.record(nominal=nominal, **told)
        assert first == second
        assert IdentifierUse.objects.visible_to(by).count() == 2


def test_use_of_a_wider_identifier_keeps_the_stricter_choice(
    acting: As, by: Viewer, viewer: Find, nominal: Nominal, group: CrimeGroup
) -> None:
    told: dict[str, Any] = {"by": by, "kind": "vehicle", "value": "AB12 CDE"}
    with acting("owner_analyst"):
        told["owner"] = organisation()
        identifiers.record(sharing="force", nominal=nominal, **told)
        identifiers.record(sharing="organisation", group=group, **told)
    lead = viewer("rocu_lead")
    with acting("rocu_lead"):
        assert Identifier.objects.visible_to(lead).count() == 1
        use = IdentifierUse.objects.visible_to(lead).get()
    assert use.nominal_id == nominal.pk


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        ("phone", "call me", "value"),
        ("email", "nobody", "value"),
        ("pnc_id", "12/3", "value"),
        ("vehicle", " ", "value"),
        ("vehicle", "x" * 201, "value"),
        ("fax", "1", "kind"),
    ],
)
def test_identifier_of_no_known_shape_is_refused(
    acting: As, by: Viewer, nominal: Nominal, kind: str, value: str, field: str
) -> None:
    with acting("owner_analyst"):
        with pytest.raises(InvalidRecord) as caught:
            identifiers.record(
                by=by,
                owner=organisation(),
                kind=kind,
                value=value,
                sharing="force",
                nominal=nominal,
            )
        assert caught.value.field == field
        assert not Identifier.objects.visible_to(by).exists()


def test_identifier_of_nobody_or_of_a_hidden_person_is_refused(
    acting: As, by: Viewer, hidden_person: Nominal
) -> None:
    told: dict[str, Any] = {"kind": "vehicle", "value": "AB12 CDE", "sharing": "force"}
    with acting("owner_analyst"):
        with pytest.raises(InvalidRecord):
            identifiers.record(by=by, owner=organisation(), **told)
        with pytest.raises(NotFound):
            identifiers.record(
                by=by, owner=organisation(), nominal=hidden_person, **told
            )


def test_look_up_shows_only_what_is_visible(
    acting: As, by: Viewer, viewer: Find, hidden_person: Nominal
) -> None:
    other = viewer("other_analyst")
    with acting("other_analyst"):
        identifiers.record(
            by=other,
            owner=organisation("west-yorkshire"),
            kind="phone",
            value="07700 900123",
            sharing="force",
            nominal=hidden_person,
        )
    with acting("owner_analyst"):
        assert identifiers.look_up(by=by, value="07700 900123") == []
        with pytest.raises(InvalidRecord):
            identifiers.look_up(by=by, value=" ")


# Ending


def test_fact_ends_once_with_a_reason(
    acting: As, by: Viewer, group: CrimeGroup, audited: Audited
) -> None:
    day = datetime.date(2024, 5, 1)
    with acting("owner_analyst"):
        alias = aliases.add(by=by, group=group, name="Elms")
        with pytest.raises(InvalidRecord):
            facts.end(by=by, fact=alias, version=1, to_on=day, reason=" ")
        with pytest.raises(InvalidRecord):
            facts.end(
                by=by,
                fact=alias,
                version=1,
                to_on=datetime.date(2190, 1, 1),
                reason="Gone",
            )
        ended = facts.end(by=by, fact=alias, version=1, to_on=day, reason="Gone")
        with pytest.raises(InvalidTransition):
            facts.end(by=by, fact=ended, version=2, to_on=day, reason="Gone")
        with pytest.raises(StaleVersion):
            facts.end(by=by, fact=ended, version=1, to_on=day, reason="Gone")
    assert audited("groups.GroupAlias")[-1] == ("alteration", [alias.pk], "Gone")
