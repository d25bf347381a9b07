"""What goes with a record that is disposed of: read from the models, reviewed here."""

from typing import Any

import pytest

from groups.models import CrimeGroup, Identifier, Nominal
from intelligence.models import Report
from ocgmap.disposal_sql import plan

GROUP = [
    ("groups_groupalias", "group_id"),
    ("intelligence_mention", "threat_id"),
    ("groups_groupthreat", "group_id"),
    ("intelligence_mention", "group_link_id"),
    ("groups_grouplink", "a_id"),
    ("intelligence_mention", "group_link_id"),
    ("groups_grouplink", "b_id"),
    ("groups_activityplace", "activity_id"),
    ("groups_activityquantity", "activity_id"),
    ("intelligence_mention", "activity_id"),
    ("groups_activity", "group_id"),
    ("groups_identifieruse", "group_id"),
    ("intelligence_mention", "membership_id"),
    ("intelligence_subjectfinding", "membership_id"),
    ("groups_membership", "group_id"),
    ("intelligence_mention", "involvement_id"),
    ("intelligence_subjectfinding", "involvement_id"),
    ("groups_involvement", "group_id"),
    ("groups_savedchart", "group_id"),
    ("groups_transfer", "group_id"),
    ("intelligence_attributeclaim", "group_id"),
    ("intelligence_mention", "group_id"),
    ("intelligence_retentionreview", "group_id"),
    ("intelligence_sharingchange", "group_id"),
    ("intelligence_sightmatch", "group_id"),
    ("intelligence_subjectfinding", "group_id"),
    ("scoring_judgementcitation", "judgement_id"),
    ("scoring_notecitation", "note_id"),
    ("scoring_analyticnote", "judgement_id"),
    ("scoring_judgement", "group_id"),
    ("scoring_notecitation", "note_id"),
    ("scoring_analyticnote", "decision_id"),
    ("scoring_banddecision", "group_id"),
    ("scoring_secondscore", "scoring_id"),
    ("scoring_secondscoring", "group_id"),
    ("scoring_notecitation", "note_id"),
    ("scoring_analyticnote", "group_id"),
    ("scoring_receipt", "group_id"),
    ("scoring_requirementanswer", "requirement_id"),
    ("scoring_requirement", "group_id"),
    ("scoring_watch", "group_id"),
    ("scoring_whatifresult", "group_id"),
]
PERSON = [
    ("groups_nominalalias", "nominal_id"),
    ("intelligence_mention", "person_link_id"),
    ("groups_personlink", "a_id"),
    ("intelligence_mention", "person_link_id"),
    ("groups_personlink", "b_id"),
    ("groups_identifieruse", "nominal_id"),
    ("intelligence_mention", "membership_id"),
    ("intelligence_subjectfinding", "membership_id"),
    ("groups_membership", "nominal_id"),
    ("intelligence_mention", "involvement_id"),
    ("intelligence_subjectfinding", "involvement_id"),
    ("groups_involvement", "nominal_id"),
    ("groups_savedchart", "nominal_id"),
    ("intelligence_mention", "nominal_id"),
    ("intelligence_processingrestriction", "nominal_id"),
    ("intelligence_retentionreview", "nominal_id"),
    ("intelligence_sharingchange", "nominal_id"),
    ("intelligence_sightmatch", "nominal_id"),
    ("intelligence_subjectfinding", "nominal_id"),
    ("scoring_watch", "nominal_id"),
]
IDENTIFIER = [
    ("groups_identifieruse", "identifier_id"),
    ("intelligence_retentionreview", "identifier_id"),
    ("intelligence_sharingchange", "identifier_id"),
    ("intelligence_subjectfinding", "identifier_id"),
]
REPORT = [
    ("intelligence_reportoriginal", "report_id"),
    ("intelligence_assurance", "report_id"),
    ("intelligence_attributeclaim", "report_id"),
    ("intelligence_mention", "report_id"),
    ("intelligence_retentionreview", "report_id"),
    ("intelligence_sharingchange", "report_id"),
    ("intelligence_sightmatch", "report_id"),
    ("intelligence_subjectfinding", "report_id"),
    ("scoring_judgementcitation", "report_id"),
    ("scoring_notecitation", "report_id"),
    ("scoring_receipt", "report_id"),
    ("scoring_requirementanswer", "report_id"),
]


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        (CrimeGroup, GROUP),
        (Nominal, PERSON),
        (Identifier, IDENTIFIER),
        (Report, REPORT),
    ],
)
def test_nothing_more_and_nothing_less_goes(
    model: type[Any], wanted: list[tuple[str, str]]
) -> None:
    """A new table that points at a record shows here: say in docs/retention.md."""
    found = [(table, where.split(" ")[0]) for table, where in plan(model)]
    assert found == wanted


def test_what_hangs_on_a_row_goes_before_it() -> None:
    conditions = [where for _table, where in plan(Nominal)]
    inner = "membership_id in (select id from groups_membership where nominal_id = $1)"
    at = conditions.index(inner)
    assert plan(Nominal)[at + 2] == ("groups_membership", "nominal_id = $1")
