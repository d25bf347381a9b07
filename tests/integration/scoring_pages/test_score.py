"""The score of a group: both schemes, every reason, and the decisions of people."""

import uuid

import pytest

from accounts.actions import labels
from accounts.models import AuditEvent
from accounts.models.access_class import TagKind
from scoring import outbox
from scoring.models import BandDecision, Judgement, JudgementCitation, PictureLine
from scoring.views.judging import KNOWS
from tests.factories.scoring import DRUGS, today
from tests.integration.scoring_pages.conftest import OPEN, ClientAs, Nation, seen

PAGES = ["score/", f"judge/{DRUGS}/", "confirm-band/"]
REASON = "Two reports say so, and both are reliable."


def url_of(group: object, page: str = "score/") -> str:
    return f"/groups/{group.public_id}/{page}"  # type: ignore[attr-defined]


def test_both_schemes_stand_side_by_side_with_their_standing(
    nation: Nation, client_as: ClientAs
) -> None:
    text = seen(client_as("owner_analyst"), url_of(nation.durham)).text
    assert "As described by Dustin K. MacDonald" in text
    assert "OCGM-16, local configuration" in text
    assert "This is not the national organised crime group mapping score" in text
    assert "None: this scheme has no bands" in text
    assert "people make them" in text
    for word in ("Interval", "Floor", "Not known", "advisory", "unjudged"):
        assert word in text, word


def test_every_level_leads_to_its_reports(nation: Nation, client_as: ClientAs) -> None:
    claim = nation.world.claim(nation.durham, OPEN, "high", DRUGS)
    outbox.drain_until_empty(seconds=60)
    page = seen(client_as("owner_analyst"), url_of(nation.durham))
    assert f"/reports/{claim.report.public_id}/" in page.links
    assert claim.report.reference in page.text


@pytest.mark.leak
def test_a_report_that_is_hidden_is_neither_named_nor_counted(
    nation: Nation, client_as: ClientAs
) -> None:
    group = nation.leeds
    options = {one.code: one.label for one in labels.options_for(group.owner)}
    secret = options[TagKind.ORGANISATION]
    client = client_as("owner_analyst")
    before = seen(client, url_of(group)).text
    report = nation.world.report(secret)
    nation.world.claim(group, secret, "high", "corruption", report=report)
    assert seen(client, url_of(group)).text == before
    outbox.drain_until_empty(seconds=60)
    assert seen(client, url_of(group)).text == before
    own = seen(client_as("other_analyst"), url_of(group))
    assert report.reference in own.text


@pytest.mark.leak
@pytest.mark.parametrize("part", PAGES)
@pytest.mark.parametrize("who", ["owner_analyst", "rocu_lead", "nca_officer"])
def test_hidden_and_absent_are_the_same_answer(
    nation: Nation, client_as: ClientAs, who: str, part: str
) -> None:
    client = client_as(who)
    bodies = []
    for public_id in (nation.hidden.public_id, uuid.uuid4()):
        response = client.get(f"/groups/{public_id}/{part}")
        assert response.status_code == 404
        body = response.content.decode()
        token = body.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        bodies.append(body.replace(token, ""))
    assert bodies[0] == bodies[1]


def test_a_judgement_stands_cites_and_is_scored(
    nation: Nation, client_as: ClientAs, hints: list[str]
) -> None:
    claim = nation.world.claim(nation.durham, OPEN, "high", DRUGS)
    outbox.drain_until_empty(seconds=60)
    client = client_as("owner_analyst")
    url = url_of(nation.durham, f"judge/{DRUGS}/")
    assert claim.report.reference in seen(client, url).text
    answer = client.post(
        url,
        {"level": "low", "rationale": REASON, "reports": [claim.report.public_id]},
        follow=True,
    )
    text = answer.content.decode()
    assert "Your judgement of Drug activity stands" in text
    assert "This score is being brought up to date" in text
    assert hints == ["scoring.drain"]
    judgement = Judgement.objects.get(group=nation.durham)
    cited = JudgementCitation.objects.filter(judgement=judgement)
    assert [one.report_id for one in cited] == [claim.report_id]
    outbox.drain_until_empty(seconds=60)
    page = seen(client, url_of(nation.durham))
    assert "being brought up to date" not in page.text
    assert REASON in page.text
    assert REASON in seen(client, url).text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"level": "low"}, "Rationale must be filled in", id="no reason"),
        pytest.param(
            {"level": "low", "rationale": "too short"},
            "Rationale must have 10 characters or more",
            id="short reason",
        ),
        pytest.param(
            {"rationale": REASON}, "Select an option for “Level”", id="no level"
        ),
        pytest.param(
            {"level": "enormous", "rationale": REASON},
            "Level has no option",
            id="level off the scale",
        ),
        pytest.param(
            {"level": "low", "rationale": REASON, "reports": [str(uuid.uuid4())]},
            "Reports that this rests on has no option",
            id="report not about it",
        ),
    ],
)
def test_a_judgement_that_cannot_stand_keeps_what_was_typed(
    nation: Nation,
    client_as: ClientAs,
    hints: list[str],
    given: dict[str, str],
    said: str,
) -> None:
    nation.world.claim(nation.durham, OPEN, "high", DRUGS)
    url = url_of(nation.durham, f"judge/{DRUGS}/")
    text = client_as("owner_analyst").post(url, given).content.decode()
    assert "There is a problem" in text
    assert said in text
    assert given.get("rationale", "") in text
    assert not Judgement.objects.filter(group=nation.durham).exists()
    assert not hints


def test_an_unknown_attribute_is_absent(nation: Nation, client_as: ClientAs) -> None:
    seen(client_as("owner_analyst"), url_of(nation.durham, "judge/charm/"), 404)


@pytest.mark.parametrize(
    ("who", "part", "status"),
    [
        pytest.param("owner_analyst", f"judge/{DRUGS}/", 200, id="own analyst judges"),
        pytest.param("rocu_lead", f"judge/{DRUGS}/", 200, id="lead judges"),
        pytest.param("nca_officer", f"judge/{DRUGS}/", 403, id="officer does not"),
        pytest.param("owner_analyst", "confirm-band/", 403, id="analyst confirms not"),
        pytest.param("owner_supervisor", "confirm-band/", 200, id="supervisor does"),
        pytest.param("rocu_lead", "confirm-band/", 200, id="lead does"),
        pytest.param("nca_officer", "confirm-band/", 403, id="officer confirms not"),
    ],
)
def test_only_the_owner_and_its_region_decide(
    nation: Nation, client_as: ClientAs, who: str, part: str, status: int
) -> None:
    seen(client_as(who), url_of(nation.durham, part), status)
    links = seen(client_as(who), url_of(nation.durham)).links
    assert any(link.endswith(part) for link in links) == (status == 200)


def test_a_band_is_confirmed_with_a_reason(
    nation: Nation, client_as: ClientAs, hints: list[str]
) -> None:
    client = client_as("owner_supervisor")
    url = url_of(nation.durham, "confirm-band/")
    lines = PictureLine.objects.filter(scheme_version__is_primary=True, valid_to=None)
    band = lines.get(group=nation.durham).computed_band
    given = {"band": band, "reason": REASON, KNOWS: "yes"}
    text = client.post(url, given, follow=True).content.decode()
    assert f"Your decision on the band {band} is recorded" in text
    assert hints == ["scoring.drain"]
    decision = BandDecision.objects.get(group=nation.durham)
    assert (decision.band, decision.is_settled) == (band, True)
    assert REASON in text
    assert "awaits confirmation" not in text
    outbox.drain_until_empty(seconds=60)
    assert seen(client, f"/groups/?confirmed={band}").count >= 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"reason": REASON}, "Select an option for “Band”", id="no band"),
        pytest.param({"band": "2b"}, "Reason must be filled in", id="no reason"),
        pytest.param(
            {
                "band": "2b",
                "reason": REASON,
                "expires_on_day": "1",
                "expires_on_month": "2",
                "expires_on_year": "2020",
            },
            "at least until tomorrow",
            id="past",
        ),
        pytest.param(
            {
                "band": "2b",
                "reason": REASON,
                "expires_on_day": "1",
                "expires_on_month": "2",
                "expires_on_year": str(today().year + 2),
            },
            "at most 12 months",
            id="too long",
        ),
        pytest.param(
            {"band": "1a", "reason": REASON}, "an override has an end", id="no end"
        ),
    ],
)
def test_a_band_that_cannot_be_confirmed_is_refused(
    nation: Nation, client_as: ClientAs, given: dict[str, str], said: str
) -> None:
    url = url_of(nation.durham, "confirm-band/")
    text = client_as("owner_supervisor").post(url, given).content.decode()
    assert said in text
    assert given.get("reason", "") in text
    assert not BandDecision.objects.filter(group=nation.durham).exists()


def test_reading_a_score_is_recorded(nation: Nation, client_as: ClientAs) -> None:
    seen(client_as("owner_analyst"), url_of(nation.durham))
    rows = AuditEvent.objects.filter(route__contains="/score/")
    shown = {row.object_type: row.object_ids for row in rows}
    assert shown["groups.CrimeGroup"] == [nation.durham.pk]
    assert len(shown["intelligence.Report"]) == 1
