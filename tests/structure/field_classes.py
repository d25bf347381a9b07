"""What every column holds: personal, operational or public.

personal      tells of a person: who they are, what is said of them, what an account did
operational   of the work: groups, intelligence as such, labels, figures, book-keeping
public        reference data that may be printed
"""

from typing import NamedTuple


class Columns(NamedTuple):
    """The columns of one model, by what they hold; words apart by spaces."""

    personal: str = ""
    operational: str = ""
    public: str = ""


# On many models; named once.
EVERYWHERE = Columns(
    personal="created_by changed_by",
    operational=(
        "id public_id owner access_class version created_at changed_at "
        "retention_class review_on legal_hold reference owner_reference"
    ),
)
# Why a fact is said to be so is free text, and speaks of people.
OF_FACTS = Columns(
    personal="rationale withdrawn_by withdrawn_reason",
    operational="basis asserted_by from_on to_on precision withdrawn_at",
)
# Of a part of an activity, which is withdrawn by itself.
OF_PARTS = Columns(personal="withdrawn_by withdrawn_reason", operational="withdrawn_at")
_CODE_LIST = Columns(operational="id", public="code name from_on to_on")

FIELDS: dict[str, tuple[Columns, ...]] = {
    "accounts.Organisation": (
        _CODE_LIST,
        Columns(
            public="short_name region_name kind jurisdiction ons_code population",
        ),
    ),
    "accounts.OrganisationPlacement": (
        Columns(operational="id", public="organisation parent from_on to_on"),
    ),
    "accounts.OrganisationSuccession": (
        Columns(operational="id", public="predecessor successor on"),
    ),
    "accounts.User": (
        Columns(
            personal="email name collar_number password last_login date_joined",
            operational=(
                "id organisation role clearance visibility_version is_active "
                "shortcuts_off list_columns"
            ),
        ),
    ),
    "accounts.SentForm": (
        Columns(personal="user", operational="id digest address created_at"),
    ),
    "accounts.Tag": (Columns(operational="id code name kind owner expires_on"),),
    "accounts.TagHolder": (
        Columns(
            personal="user granted_by approved_by",
            operational="id tag organisation from_on to_on",
        ),
    ),
    "accounts.AccessClass": (Columns(operational="id requires marking"),),
    "accounts.ApiToken": (
        Columns(
            personal="user revoked_by",
            operational=(
                "id name prefix digest scopes networks created_at expires_at "
                "last_used_at revoked_at"
            ),
        ),
    ),
    "accounts.AuditEvent": (
        Columns(
            personal="actor_id on_behalf_of reason",
            operational=(
                "id at kind organisation_id request_id route object_type object_ids "
                "detail"
            ),
        ),
    ),
    "accounts.SearchTerm": (
        Columns(personal="user text", operational="id created_at"),
    ),
    "accounts.PastedList": (
        Columns(personal="user text", operational="id kind created_at"),
    ),
    "groups.SavedSearch": (
        EVERYWHERE,
        Columns(personal="name text", operational="kind audience query"),
    ),
    "groups.ThreatType": (_CODE_LIST, Columns(public="crosswalk")),
    "groups.Offence": (
        _CODE_LIST,
        Columns(public="subgroup offence_group threat_type"),
    ),
    "groups.CrimeGroup": (
        EVERYWHERE,
        Columns(
            # Groups are often called after a person.
            personal="name summary lead_officer",
            operational=(
                "kind record_state activity_status tier s45_test soc_test merged_into "
                "submitted_at submitted_by"
            ),
        ),
    ),
    "groups.GroupAlias": (
        EVERYWHERE,
        OF_FACTS,
        Columns(personal="name", operational="group kind"),
    ),
    "groups.GroupThreat": (
        EVERYWHERE,
        OF_FACTS,
        Columns(operational="group threat_type is_predominant"),
    ),
    "groups.GroupLink": (
        EVERYWHERE,
        OF_FACTS,
        Columns(operational="a b kind is_directed"),
    ),
    "groups.Activity": (
        EVERYWHERE,
        OF_FACTS,
        Columns(personal="modus", operational="group threat_type offence"),
    ),
    "groups.ActivityPlace": (
        EVERYWHERE,
        OF_PARTS,
        Columns(operational="activity role area outcode country"),
    ),
    "groups.ActivityQuantity": (
        EVERYWHERE,
        OF_PARTS,
        Columns(operational="activity commodity amount low high unit currency"),
    ),
    "groups.EntryDraft": (
        EVERYWHERE,
        Columns(personal="data", operational="kind tab"),
    ),
    "groups.SavedChart": (
        EVERYWHERE,
        Columns(personal="name", operational="group nominal audience query places"),
    ),
    "groups.Transfer": (
        EVERYWHERE,
        Columns(
            personal="reason decided_by decision_reason",
            operational="group receiver sharing state decided_at",
        ),
    ),
    "groups.IdentityCluster": (Columns(operational="id"),),
    "groups.Nominal": (
        EVERYWHERE,
        Columns(
            personal=(
                "given_names surname is_identified designation born_from born_to "
                "born_precision gender deceased_on"
            ),
            operational="cluster",
        ),
    ),
    "groups.NominalAlias": (
        EVERYWHERE,
        OF_FACTS,
        Columns(personal="nominal given_names surname kind"),
    ),
    "groups.PersonLink": (
        EVERYWHERE,
        OF_FACTS,
        Columns(personal="a b kind is_directed"),
    ),
    "groups.Identifier": (
        EVERYWHERE,
        Columns(personal="value normalised", operational="kind"),
    ),
    "groups.IdentifierUse": (
        EVERYWHERE,
        OF_FACTS,
        Columns(personal="identifier nominal", operational="group"),
    ),
    "groups.Membership": (
        EVERYWHERE,
        OF_FACTS,
        Columns(personal="nominal standing dpa_category", operational="group"),
    ),
    "groups.Involvement": (
        EVERYWHERE,
        OF_FACTS,
        Columns(personal="nominal kind dpa_category", operational="group"),
    ),
    "intelligence.Attribute": (Columns(public="key title meaning position"),),
    "intelligence.Return": (
        EVERYWHERE,
        Columns(
            operational=(
                "channel from_on to_on due_on is_nil file_digest counts received_at"
            )
        ),
    ),
    "intelligence.Report": (
        EVERYWHERE,
        Columns(
            personal="text handling_condition state_reason converted_by",
            operational=(
                "returned_in event_from event_to event_precision received_on "
                "source_grade assessment_grade handling legacy_grade state supersedes "
                "idempotency_key idempotency_credential body_digest"
            ),
        ),
    ),
    "intelligence.ReportOriginal": (
        EVERYWHERE,
        Columns(personal="text", operational="report sha256"),
    ),
    "intelligence.AttributeClaim": (
        EVERYWHERE,
        Columns(operational="report group attribute level"),
    ),
    "intelligence.Mention": (
        EVERYWHERE,
        Columns(
            personal="nominal membership involvement person_link",
            operational="report group activity threat group_link",
        ),
    ),
    "groups.ModerationRule": (
        Columns(
            personal="reason set_by", operational="id body is_required from_on set_at"
        ),
    ),
    "groups.ReviewRule": (
        Columns(
            personal="reason set_by",
            operational="id body is_required tier months from_on set_at",
        ),
    ),
    "intelligence.AssuranceRule": (
        Columns(
            personal="reason set_by", operational="id body is_required from_on set_at"
        ),
    ),
    "intelligence.Assurance": (
        EVERYWHERE,
        Columns(
            personal="reason",
            operational=(
                "report outcome source_before assessment_before source_after "
                "assessment_after"
            ),
        ),
    ),
    "intelligence.ImportJob": (
        EVERYWHERE,
        Columns(
            personal="runs_as name state_reason",
            operational=(
                "returned_in digest size_bytes state stopped_at leaves_refused_out rows "
                "parts position accepted duplicates refused failures finished_at"
            ),
        ),
    ),
    "intelligence.ImportFile": (
        EVERYWHERE,
        Columns(personal="content", operational="job"),
    ),
    "intelligence.ImportPart": (
        EVERYWHERE,
        Columns(personal="rows", operational="job number"),
    ),
    "intelligence.ImportOutcome": (
        EVERYWHERE,
        Columns(
            personal="problems refused_rows",
            operational="job step number problem_count",
        ),
    ),
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
                "unjudged_count review_due_on valid_from valid_to is_raised"
            )
        ),
    ),
}
