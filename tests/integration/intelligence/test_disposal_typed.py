"""What colleagues typed goes where it says the record, and stays where it does not."""

import pytest
from django.db import transaction

from accounts.models import Organisation, PastedList, SearchTerm, User
from groups.actions import identifiers
from groups.models import EntryDraft, Identifier
from tests.cast import As, MakeUser
from tests.disposing import disposed, everything
from tests.factories.groups import NominalFactory
from tests.factories.intelligence import class_of

pytestmark = pytest.mark.django_db


def draft(acting: As, **data: list[str]) -> EntryDraft:
    """Keep a draft of another force; nothing of it hangs on the record."""
    with acting("other_analyst") as by, transaction.atomic():
        owner = Organisation.objects.get(pk=by.organisation_id)
        return EntryDraft.objects.create(
            kind="report", data=data, owner=owner, access_class_id=class_of(owner)
        )


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        pytest.param("Alex Marlow drives", True, id="the name"),
        pytest.param("it was alex  MARLOW.", True, id="another case"),
        pytest.param("MARLOW, Alex; Elm, Sam", True, id="surname first"),
        pytest.param("Alex Brown met Sam Marlow", False, id="two other people"),
        pytest.param("Marlow Road, seen by Alex", False, id="words apart"),
        pytest.param("Alexander Marlow drives", False, id="a longer name"),
        pytest.param("Alex Marlowe drives", False, id="a longer surname"),
    ],
)
def test_what_says_the_name_goes_and_what_has_its_words_stays(
    acting: As, text: str, goes: bool
) -> None:
    with acting("owner_analyst") as by:
        person = NominalFactory(by=by, given_names="Alex", surname="Marlow")
    kept = draft(acting, text=[text])
    fields = draft(acting, given_names=["Alex", "Sam"], surname=["Elm", "Marlow"])
    with everything(), transaction.atomic():
        account = User.objects.get(email="other_analyst@test.example")
        SearchTerm.objects.create(user=account, text=text)
        PastedList.objects.create(user=account, kind="any", text=f"Oak\n{text}")
    disposed(acting, person)
    with everything():
        left = [EntryDraft.objects.filter(pk=kept.pk).exists()]
        left += [SearchTerm.objects.exists(), PastedList.objects.exists()]
        assert left == [not goes] * 3
        assert EntryDraft.objects.filter(pk=fields.pk).exists()


def test_a_list_says_a_name_on_one_line(acting: As, make_user: MakeUser) -> None:
    with acting("owner_analyst") as by:
        person = NominalFactory(by=by, given_names="Alex", surname="Marlow")
    account = make_user("other_analyst")
    with everything(), transaction.atomic():
        for text in ("Sam Alex\nMarlow Elm", "Sam Elm\nAlex Marlow"):
            PastedList.objects.create(user=account, kind="people", text=text)
    disposed(acting, person)
    with everything():
        assert [one.text[:5] for one in PastedList.objects.all()] == ["Sam A"]


@pytest.mark.parametrize(
    ("kind", "value", "text", "goes"),
    [
        ("handle", "king", "The king of the yard", False),
        ("handle", "birmingham", "Seen in Birmingham", False),
        ("handle", "king.of.hartlepool", "calls himself King.of.Hartlepool", True),
        ("email", "alex@mail.example", "wrote from alex@mail.example twice", True),
        ("email", "alex@mail.example", "alex wrote by mail, for example", False),
        ("phone", "07700 900123", "rang 07700 900 123", False),
        ("phone", "07700 900123", "rang 07700 900123", True),
        ("vehicle", "AB12 CDE", "in ab12cde", True),
        ("vehicle", "AB12 CDE", "in AB12 CDX", False),
    ],
)
def test_an_identifier_is_looked_for_whole(
    acting: As, kind: str, value: str, text: str, goes: bool
) -> None:
    with acting("owner_analyst") as by:
        person = NominalFactory(by=by, surname="Marlow")
        identifiers.record(
            by=by,
            owner=person.owner,
            nominal=person,
            kind=kind,
            value=value,
            sharing="force",
            rationale="Seen on the card",
        )
    kept = draft(acting, text=[text])
    with everything():
        [identifier] = Identifier.objects.all()
    disposed(acting, identifier)
    with everything():
        assert EntryDraft.objects.filter(pk=kept.pk).exists() is not goes
