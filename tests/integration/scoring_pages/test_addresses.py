"""Which addresses there are: nobody signs up or resets, and each frame knows its reader."""

import pytest
from django.test import Client

from tests.integration.scoring_pages.conftest import ClientAs, Nation, seen


@pytest.mark.parametrize(
    "url", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"]
)
def test_nobody_signs_up_or_resets_by_mail(db: None, url: str) -> None:
    assert Client().get(url).status_code == 404


@pytest.mark.parametrize("url", ["/accounts/login/", "/status/"])
def test_a_stranger_sees_no_navigation(db: None, url: str) -> None:
    page = Client().get(url)
    assert page.status_code == 200
    assert b"Dashboard" not in page.content
    assert b"Sign out" not in page.content


@pytest.mark.parametrize(
    "url", ["/accounts/password/change/", "/accounts/2fa/", "/groups/", "/"]
)
def test_a_signed_in_reader_sees_who_they_are(
    nation: Nation, client_as: ClientAs, url: str
) -> None:
    page = client_as("owner_analyst").get(url, follow=True).content.decode()
    assert "Owner Analyst" in page
    assert "Durham" in page
    assert "Sign out" in page


@pytest.mark.parametrize("url", ["/", "/groups/", "/dashboard/national/", "/receipts/"])
def test_the_anonymous_are_asked_to_sign_in(db: None, url: str) -> None:
    response = Client().get(url)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_every_page_of_a_group_shows_both_bands(
    nation: Nation, client_as: ClientAs
) -> None:
    client = client_as("owner_analyst")
    page = seen(client, f"/groups/{nation.confirmed.public_id}/")
    assert "(computed, advisory)" in page.text
    assert "(confirmed)" in page.text
    other = seen(client, f"/groups/{nation.durham.public_id}/")
    assert "(confirmed)" not in other.text
    assert "Not confirmed" in other.text
