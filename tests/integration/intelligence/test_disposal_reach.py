"""What was disposed of is nowhere: one rare word is looked for in the whole database."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.actions import labels
from accounts.models import PastedList, SearchTerm, User
from groups.actions import aliases, identifiers, links
from groups.models import (
    EntryDraft,
    Identifier,
    Membership,
    Nominal,
    NominalAlias,
    SavedSearch,
)
from intelligence.actions import disposal
from intelligence.models import (
    Mention,
    Report,
    ReportOriginal,
    RetentionReview,
)
from scoring.outbox import drain_until_empty
from tests.audited import Audited
from tests.cast import As, MakeUser
from tests.disposing import TOKEN, disposed, everything, proposed, token_places
from tests.factories.groups import CrimeGroupFactory, MembershipFactory, NominalFactory
from tests.factories.intelligence import (
    ClaimFactory,
    MentionFactory,
    ReportFactory,
    class_of,
)

pytestmark = pytest.mark.django_db
# What keeps it, each with the reason.
EXCEPTIONS: dict[str, str] = {}


@pytest.fixture
def person(acting: As) -> Nominal:
    with acting("owner_analyst") as by:
        return NominalFactory(by=by, given_names="Alex", surname=TOKEN)


@pytest.fixture
def full(acting: As, person: Nominal, make_user: MakeUser) -> Nominal:
    """A person with the token in every text of theirs and of what hangs on them."""
    with acting("owner_analyst") as by:
        group = CrimeGroupFactory(by=by, name="Fictional group")
        other = NominalFactory(by=by, surname="Marlow")
        member = MembershipFactory(by=by, group=group, nominal=person, rationale=TOKEN)
        aliases.add_to_person(by=by, nominal=person, given_names=TOKEN, surname=TOKEN)
        link = links.link_people(
            by=by, a=person, b=other, kind="family", rationale=TOKEN
        )
        identifiers.record(
            by=by,
            owner=person.owner,
            nominal=person,
            kind="email",
            value=f"{TOKEN}@mail.example",
            sharing="force",
            rationale=TOKEN,
        )
        report = ReportFactory(text="Seen at the yard with others, twice.")
    with everything(), transaction.atomic():
        for target in ({"nominal": person}, {"membership": member}):
            Mention.objects.create(
                report=report,
                owner=report.owner,
                access_class_id=report.access_class_id,
                **target,
            )
        Nominal.objects.filter(pk=person.pk).update(
            given_names=TOKEN, designation=TOKEN
        )
        Membership.objects.filter(pk=member.pk).update(
            withdrawn_at=timezone.now(),
            withdrawn_by=User.objects.get(email="owner_analyst@test.example"),
            withdrawn_reason=TOKEN,
        )
        type(link).objects.filter(pk=link.pk).update(rationale=f"{TOKEN} again")
        person.refresh_from_db()
        account = User.objects.get(email="owner_analyst@test.example")
        own = {"owner": person.owner, "access_class_id": person.access_class_id}
        SearchTerm.objects.create(user=account, text=f"{TOKEN} {TOKEN}")
        name = f"{TOKEN}, {TOKEN.upper()}"
        for typed in (
            {"born": ["1990"], "given_names": [TOKEN], "surname": [TOKEN]},
            {"m-given_names": ["Sam", TOKEN], "m-surname": ["Elm", TOKEN]},
            {"text": [f"Met {name} at the yard"]},
        ):
            EntryDraft.objects.create(kind="person", data=typed, **own)
        PastedList.objects.create(user=account, kind="any", text=f"Elm\n{name}")
        SavedSearch.objects.create(
            kind="people", name=name, audience="private", text=name, **own
        )
    return person


def test_a_person_is_nowhere_afterwards(
    acting: As, full: Nominal, audited: Audited
) -> None:
    before = token_places()
    for place in (
        "groups_nominal.surname",
        "groups_nominalevent.surname",
        "groups_nominalalias.surname",
        "groups_personlink.rationale",
        "groups_personlinkevent.rationale",
        "groups_membership.withdrawn_reason",
        "groups_membershipevent.rationale",
        "groups_identifier.value",
        "groups_entrydraft.data",
        "groups_savedsearch.text",
        "accounts_pastedlist.text",
        "accounts_searchterm.text",
    ):
        assert place in before, "the test puts the token there"
    review = proposed(acting, full)
    with everything(), transaction.atomic():
        RetentionReview.objects.filter(pk=review.pk).update(reason=TOKEN)
    with acting("owner_supervisor") as by:
        made = disposal.dispose(by=by, review=review, version=2, reason="Agreed")
        assert made.counts["groups_nominal"] == 1
    assert token_places() == sorted(EXCEPTIONS)
    [row] = audited(kind="erasure")
    assert (row.object_type, row.object_ids) == ("groups.Nominal", [full.pk])
    with everything():
        assert not Identifier.objects.exists()
        assert Nominal.objects.filter(surname="Marlow").exists()


def test_an_identifier_that_others_use_stays(acting: As, person: Nominal) -> None:
    with acting("owner_analyst") as by:
        other = NominalFactory(by=by, surname="Marlow")
        for one in (person, other):
            identifiers.record(
                by=by,
                owner=one.owner,
                nominal=one,
                kind="email",
                value="shared@mail.example",
                sharing="force",
                rationale="Seen on the card",
            )
    disposed(acting, person)
    with everything():
        assert Identifier.objects.filter(normalised="shared@mail.example").exists()


def test_a_report_goes_with_its_original_and_what_it_held_up(acting: As) -> None:
    with acting("owner_analyst") as by:
        group = CrimeGroupFactory(by=by, name="Fictional group")
    with everything(), transaction.atomic():
        report = ReportFactory(text=f"{TOKEN} was seen at the yard on three nights.")
        later = ReportFactory(text="What is known now.", supersedes=report)
        ReportOriginal.objects.create(
            report=report,
            owner=report.owner,
            access_class_id=report.access_class_id,
            text=TOKEN,
            sha256="0" * 64,
        )
        MentionFactory(report=report, group=group)
        ClaimFactory(report=report, group=group)
        Report.objects.filter(pk=report.pk).update(state_reason=TOKEN)
        EntryDraft.objects.create(
            kind="report",
            data={"text": [report.text]},
            owner=report.owner,
            access_class_id=report.access_class_id,
        )
        report.refresh_from_db()
    with everything(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from scoring_outbox")
    made = disposed(acting, report)
    assert made.counts["intelligence_attributeclaim"] == 1
    assert token_places() == sorted(EXCEPTIONS)
    with everything(), connection.cursor() as cursor:
        later.refresh_from_db()
        assert later.supersedes_id is None
        cursor.execute(
            "select count(*) from scoring_outbox where group_id = %s", [group.pk]
        )
        assert cursor.fetchone()[0] > 0, "the drain is told to score the group again"
    assert drain_until_empty().marks > 0
    assert token_places() == sorted(EXCEPTIONS)
    with everything(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select count(*) from scoring_outbox")
        assert cursor.fetchone()[0] == 0
        cursor.execute("select count(*) from scoring_outboxdead")
        assert cursor.fetchone()[0] == 0


def test_the_certificate_counts_nothing_that_is_hidden(
    acting: As, person: Nominal
) -> None:
    """A stricter fact of the person goes too, and no number tells that it was there."""
    with acting("owner_analyst") as by:
        aliases.add_to_person(by=by, nominal=person, surname="Elms")
        aliases.add_to_person(by=by, nominal=person, surname="Oaks")
    with everything(), transaction.atomic():
        own = class_of(person.owner, "organisation")
        strict = labels.join_of([person.access_class_id, own])
        NominalAlias.objects.filter(surname="Oaks").update(access_class_id=strict)
    made = disposed(acting, person)
    assert made.counts["groups_nominalalias"] == 1
    with everything():
        assert not NominalAlias.objects.exists()
