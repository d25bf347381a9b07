"""What a committing test leaves behind is removed; what all tests rest on stays."""

import pytest
from django.db import transaction

from accounts.models import Organisation, TagHolder, User
from ocgmap.common.acting import acting_as
from ocgmap.common.scope import system
from tests.cast import MakeUser
from tests.conftest import empty_tables


@pytest.mark.django_db(transaction=True)
def test_emptying_keeps_reference_data(make_user: MakeUser) -> None:
    make_user("owner_analyst")
    with acting_as(system("test")), transaction.atomic():
        before = TagHolder.objects.filter(organisation__isnull=False).count()
    empty_tables()
    with acting_as(system("test")), transaction.atomic():
        assert not User.objects.exists()
        assert Organisation.objects.count() >= 48
        held = TagHolder.objects.filter(organisation__isnull=False).count()
    assert held == before > 100
