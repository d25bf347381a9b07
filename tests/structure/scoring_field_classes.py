"""What every column of scoring holds."""

from tests.structure.columns import EVERYWHERE, Columns

SCORING: dict[str, tuple[Columns, ...]] = {
    "scoring.SchemeVersion": (
        Columns(
            operational="id digest",
            public="name version effective_on is_primary status rows",
        ),
    ),
    # Which groups a person compared tells what they may see.
    "scoring.WhatIf": (
        Columns(
            personal="user",
            operational=(
                "id public_id scope before after day state state_reason held total "
                "done last_group failures created_at changed_at finished_at"
            ),
        ),
    ),
    "scoring.WhatIfResult": (
        Columns(
            operational=(
                "id what_if group owner access_class threat band_before band_after "
                "steps value_before value_after changes"
            ),
        ),
    ),
    "scoring.Profile": (Columns(operational="id tags clearance"),),
    "scoring.ScoreHead": (Columns(operational="group next_change_on is_live"),),
    "scoring.Assessment": (
        Columns(
            operational=(
                "id group access_class scheme_version facts facts_digest value low "
                "high unknown_count attribute_count unjudged_count band points "
                "computed_at"
            )
        ),
    ),
    "scoring.Judgement": (
        EVERYWHERE,
        Columns(
            personal="rationale",
            operational="group attribute level decided_at supersedes",
        ),
    ),
    "scoring.JudgementCitation": (
        EVERYWHERE,
        Columns(operational="judgement report"),
    ),
    "scoring.BandDecision": (
        EVERYWHERE,
        Columns(
            personal="reason approved_by",
            operational=(
                "group scheme_version band computed_band decided_at expires_on"
            ),
        ),
    ),
    "scoring.AnalyticNote": (
        EVERYWHERE,
        Columns(
            personal="text would_change answer answered_by",
            operational=(
                "group kind judgement decision likelihood percent yardstick outcome "
                "answered_at"
            ),
        ),
    ),
    "scoring.NoteCitation": (EVERYWHERE, Columns(operational="note report")),
    "scoring.Requirement": (
        EVERYWHERE,
        Columns(
            personal="question asked_person withdrawn_by withdrawn_reason",
            operational="group attribute asked_of due_on withdrawn_at",
        ),
    ),
    "scoring.RequirementAnswer": (
        EVERYWHERE,
        Columns(personal="text", operational="requirement report"),
    ),
    "scoring.SecondScoring": (
        EVERYWHERE,
        Columns(operational="group submitted_at number one_in drawn_at"),
    ),
    "scoring.SecondScore": (
        EVERYWHERE,
        Columns(
            personal="remarks",
            operational="scoring levels begun_at submitted_at",
        ),
    ),
    # How well an account scores is told to nobody but its holder.
    "scoring.CalibrationAnswer": (
        Columns(
            personal="user levels", operational="id pack pack_version submitted_at"
        ),
    ),
    "scoring.Outbox": (Columns(operational="id group_id cause_id at"),),
    # An error may quote the values that it failed on.
    "scoring.OutboxDead": (
        Columns(personal="error", operational="id group_id tries at"),
    ),
    "scoring.Attempt": (Columns(operational="id group_id tries at"),),
    "scoring.Receipt": (
        Columns(
            operational="id report group access_class submitted_at included_at state"
        ),
    ),
    # Whom an account watches tells what its holder works on.
    "scoring.Watch": (
        Columns(
            personal="user group nominal search read_until found",
            operational="id created_at",
        ),
    ),
    "scoring.SearchPin": (
        Columns(personal="user search", operational="id created_at"),
    ),
    "scoring.DigestChoice": (Columns(personal="user", operational="hour"),),
    "scoring.Delivery": (
        Columns(
            personal="user",
            operational=(
                "id day state attempts fault message_id claimed_at settled_at"
            ),
        ),
    ),
    "scoring.Heartbeat": (Columns(operational="name seen_at"),),
    "scoring.PictureLine": (
        Columns(
            operational=(
                "id group owner access_class rank scheme_version assessment "
                "predominant_threat computed_band confirmed_band tier record_state "
                "activity_status memberships principals unknown_count attribute_count "
                "unjudged_count review_due_on valid_from valid_to is_raised "
                "is_disposed"
            )
        ),
    ),
}
