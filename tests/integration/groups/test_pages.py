"""The pages that show groups and people, as the cast sees them."""

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.visibility import Viewer
from groups.actions import aliases, identifiers, links, people, threats
from groups.models import CrimeGroup, Nominal, ThreatType
from tests.cast import As
from tests.factories.groups import NominalFactory, organisation

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
Find = Callable[[str], Viewer]

GROUP_PAGES = ["detail", "people", "activity", "history"]
GROUP_FORMS = [
    "edit",
    "change_state",
    "add_member",
    "add_involvement",
    "add_alias",
    "add_threat",
    "add_activity",
    "add_identifier",
]


def url(name: str, *args: Any) -> str:
    return reverse(f"groups:{name}", args=args)


def body(response: Any) -> str:
    """The page without its form tokens, which differ every time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.text)


@pytest.mark.parametrize("name", [*GROUP_PAGES, "add_group_link"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner_analyst", 200),
        ("rocu_lead", 200),
        ("nca_officer", 200),
        ("other_analyst", 404),
        ("region_analyst", 404),
        ("administrator", 403),
    ],
)
def test_group_page_is_for_those_who_see_the_group(
    client_as: SignIn, group: CrimeGroup, name: str, who: str, status: int
) -> None:
    response = client_as(who).get(url(name, group.public_id))
    assert response.status_code == status


@pytest.mark.parametrize("name", GROUP_FORMS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner_analyst", 200),
        ("rocu_lead", 200),
        ("nca_officer", 403),
        ("other_analyst", 404),
    ],
)
def test_group_form_is_for_those_who_may_change_the_group(
    client_as: SignIn, group: CrimeGroup, name: str, who: str, status: int
) -> None:
    response = client_as(who).get(url(name, group.public_id))
    assert response.status_code == status


@pytest.mark.parametrize("name", [*GROUP_PAGES, *GROUP_FORMS])
def test_hidden_and_absent_group_give_the_same_answer(
    client_as: SignIn, hidden: CrimeGroup, name: str
) -> None:
    client = client_as("owner_analyst")
    answers = [
        client.get(url(name, public_id))
        for public_id in (hidden.public_id, uuid.uuid4())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert body(answers[0]) == body(answers[1])


def test_malformed_id_gives_the_same_answer(
    client_as: SignIn, hidden: CrimeGroup
) -> None:
    client = client_as("owner_analyst")
    malformed = client.get("/groups/not-an-id/people/")
    absent = client.get(url("people", hidden.public_id))
    assert malformed.status_code == 404
    assert body(malformed) == body(absent)


def test_group_page_shows_what_is_visible_and_records_the_reading(
    acting: As,
    by: Viewer,
    client_as: SignIn,
    viewer: Find,
    group: CrimeGroup,
    nominal: Nominal,
    audited: Any,
) -> None:
    with acting("owner_analyst"):
        aliases.add(by=by, group=group, name="The Elms", rationale="Heard")
        aliases.add(
            by=by, group=group, name="Operation Ash", kind="operation", rationale="Ours"
        )
        threat = ThreatType.objects.get(code="illegal-drugs")
        threats.add(
            by=by,
            group=group,
            threat_type=threat,
            is_predominant=True,
            rationale="Seen",
        )
        identifiers.record(
            by=by,
            owner=organisation(),
            kind="vehicle",
            value="AB12 CDE",
            sharing="organisation",
            group=group,
        )
    text = client_as("owner_analyst").get(url("detail", group.public_id)).text
    for shown in ("Fictional group", "The Elms", "Illegal drugs", "AB12 CDE", "Draft"):
        assert shown in text
    assert url("edit", group.public_id) in text
    assert ("consultation", [group.pk], "") in audited("groups.CrimeGroup")
    others = client_as("nca_officer").get(url("detail", group.public_id)).text
    assert "The Elms" in others
    assert "AB12 CDE" not in others
    assert url("edit", group.public_id) not in others


def test_people_page_keeps_victims_apart_and_lets_their_status_lead(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup, audited: Any
) -> None:
    with acting("owner_analyst"):
        member, harmed, friend = (
            NominalFactory(by=by, surname=name) for name in ("Able", "Baker", "Charley")
        )
        people.add_member(by=by, group=group, nominal=member, dpa_category="suspect")
        people.add_member(by=by, group=group, nominal=harmed, dpa_category="suspect")
        for person, kind, category in [
            (harmed, "exploited", "victim"),
            (friend, "associate", "other"),
        ]:
            people.add_involvement(
                by=by,
                group=group,
                nominal=person,
                kind=kind,
                dpa_category=category,
                rationale="Seen",
            )
    text = client_as("owner_analyst").get(url("people", group.public_id)).text
    victims, members, others = (
        text.index(heading)
        for heading in (
            "Victims and exploited people",
            "Members (2)",
            "Others involved",
        )
    )
    assert victims < text.index("Baker") < members < text.index("Able") < others
    assert text.index("Charley") > others
    assert '<strong class="govuk-tag govuk-tag--red">Victim</strong>' in text
    shown = {pk for row in audited("groups.Nominal") for pk in row[1]}
    assert shown >= {member.pk, harmed.pk, friend.pk}
    lead = client_as("rocu_lead").get(url("people", group.public_id)).text
    assert "Victims and exploited people" not in lead
    assert "Members (2)" in lead


def test_person_page_shows_groups_where_they_were_harmed_first(
    acting: As,
    by: Viewer,
    client_as: SignIn,
    viewer: Find,
    group: CrimeGroup,
    nominal: Nominal,
    hidden_person: Nominal,
) -> None:
    with acting("owner_analyst"):
        people.add_member(by=by, group=group, nominal=nominal, dpa_category="suspect")
        people.add_involvement(
            by=by,
            group=group,
            nominal=nominal,
            kind="victim",
            dpa_category="victim",
            rationale="Statement",
        )
        other = NominalFactory(by=by, surname="Zander")
        links.link_people(by=by, a=other, b=nominal, kind="family", rationale="Kin")
    client = client_as("owner_analyst")
    text = client.get(url("person", nominal.public_id)).text
    assert "Victim or exploited" in text
    assert text.index(">Victim<" if ">Victim<" in text else "Victim") < text.index(
        "Member: not known"
    )
    assert "Zander" in text
    assert client.get(url("person_history", nominal.public_id)).status_code == 200
    assert client.get(url("person", hidden_person.public_id)).status_code == 404
    assert client.get(url("person_history", hidden_person.public_id)).status_code == 404
    lead = client_as("rocu_lead").get(url("person", nominal.public_id)).text
    assert "Victim or exploited" not in lead


def test_people_are_found_by_post_and_shown_by_an_opaque_id(
    acting: As, by: Viewer, client_as: SignIn, nominal: Nominal, hidden_person: Nominal
) -> None:
    with acting("owner_analyst"):
        for number in range(30):
            NominalFactory(by=by, surname=f"Marlowe{'abc'[number % 3]}")
    client = client_as("owner_analyst")
    answer = client.post(url("people_search"), {"q": "marlow"})
    assert answer.status_code == 302
    assert "marlow" not in answer["Location"].lower()
    page = client.get(answer["Location"])
    assert len(page.context["table"]["rows"]) == 25
    assert hidden_person.reference not in page.text
    following = client.get(page.context["next_url"])
    assert len(following.context["table"]["rows"]) == 6
    other = client_as("other_analyst").get(answer["Location"])
    assert other.status_code == 400
    for text, message in [("", "must be filled in"), ("x" * 201, "200 characters")]:
        refused = client.post(url("people_search"), {"q": text})
        assert message in refused.text
    assert client.get(url("people_list"), {"surname": "Marlow"}).status_code == 400


def test_number_is_looked_up_by_post_and_shown_by_an_opaque_id(
    acting: As,
    by: Viewer,
    client_as: SignIn,
    viewer: Find,
    nominal: Nominal,
    hidden_person: Nominal,
    audited: Any,
) -> None:
    other = viewer("other_analyst")
    for actor, name, person in [
        (by, "owner_analyst", nominal),
        (other, "other_analyst", hidden_person),
    ]:
        with acting(name):
            identifiers.record(
                by=actor,
                owner=person.owner,
                kind="phone",
                value="07700 900123",
                sharing="force",
                nominal=person,
            )
    client = client_as("owner_analyst")
    answer = client.post(url("identifier_lookup"), {"value": "+44 7700 900123"})
    assert "7700" not in answer["Location"]
    page = client.get(answer["Location"])
    assert [row[0]["text"] for row in page.context["rows"]] == ["Alex Marlow"]
    both = client_as("nca_officer")
    mine = both.post(
        url("identifier_lookup"), {"value": "07700900123", "kind": "phone"}
    )
    assert len(both.get(mine["Location"]).context["rows"]) == 2
    assert both.get(answer["Location"]).status_code == 404
    nothing = client.post(url("identifier_lookup"), {"value": "07700 900999"})
    assert "Nothing known" in client.get(nothing["Location"]).text
    assert (
        "must be filled in" in client.post(url("identifier_lookup"), {"value": ""}).text
    )
    for wrong in ("?q=1", f"?q={uuid.uuid4()}"):
        assert client.get(url("identifier_lookup") + wrong).status_code == 404
    assert ("consultation", [nominal.pk], "") in audited("groups.Nominal")


def test_number_used_by_a_group_or_by_nobody_visible(
    acting: As, by: Viewer, client_as: SignIn, group: CrimeGroup
) -> None:
    told: dict[str, Any] = {"by": by, "kind": "vehicle", "group": group}
    with acting("owner_analyst"):
        told["owner"] = organisation()
        person = NominalFactory(by=by, sharing="organisation", sharing_reason="Covert")
        identifiers.record(value="AB12 CDE", sharing="force", **told)
        told |= {"group": None, "nominal": person}
        identifiers.record(value="AB12 CDF", sharing="force", **told)
    for who, value, shown in [
        ("owner_analyst", "ab12cde", "Fictional group"),
        ("owner_analyst", "ab12cdf", "Alex Marlow"),
        ("nca_officer", "ab12cdf", "No use that you may see"),
    ]:
        client = client_as(who)
        answer = client.post(url("identifier_lookup"), {"value": value})
        assert shown in client.get(answer["Location"]).text


def test_child_is_marked_on_every_page(
    acting: As, viewer: Find, client_as: SignIn, group: CrimeGroup
) -> None:
    supervisor = viewer("owner_supervisor")
    day = datetime.date.today() - datetime.timedelta(days=15 * 365)  # noqa: DTZ011
    with acting("owner_supervisor"):
        child = NominalFactory(
            by=supervisor, born_from=day, born_to=day, born_precision="day"
        )
        people.add_member(
            by=supervisor, group=group, nominal=child, dpa_category="suspect"
        )
    client = client_as("owner_analyst")
    for address in (url("people", group.public_id), url("person", child.public_id)):
        assert "Under 18" in client.get(address).text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"owner": "zz"}, "Organisation: There is no zz in this code list."),
        ({"group": "zz"}, "Group: Give the id of a record: a UUID."),
        ({"identified": "perhaps"}, "has no option “perhaps”"),
    ],
)
def test_wrong_filter_of_people_is_said_and_not_ignored(
    client_as: SignIn, query: dict[str, str], said: str
) -> None:
    page = client_as("owner_analyst").get(url("people_list"), query)
    assert page.status_code == 400
    assert "There is a problem" in page.text
    assert "Error: People" in page.text
    assert said in page.text
