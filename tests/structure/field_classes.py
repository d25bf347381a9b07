"""What every column holds, model by model."""

from tests.structure.columns import EVERYWHERE, OF_FACTS, OF_PARTS, Columns
from tests.structure.scoring_field_classes import SCORING

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
    "accounts.Tag": (
        Columns(
            operational="id public_id code name kind owner expires_on takes_referrals"
        ),
    ),
    "accounts.MembershipProposal": (
        Columns(
            personal="user proposed_by decided_by reason",
            operational=(
                "id public_id tag step organisation until_on state proposed_at "
                "decided_at applied_at"
            ),
        ),
    ),
    "accounts.LargeExport": (
        Columns(
            personal="user decided_by reason",
            operational=(
                "id public_id organisation list_id lines state asked_at decided_at"
            ),
        ),
    ),
    "accounts.Subject": (
        Columns(
            personal="user registered_by reason", operational="id tag registered_at"
        ),
    ),
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
                "id name prefix digest scopes is_interactive networks created_at "
                "expires_at "
                "last_used_at revoked_at"
            ),
        ),
    ),
    "accounts.BrowserSession": (
        Columns(
            personal="user started_at seen_at network browser",
            operational="session_key session_data expire_date",
        ),
    ),
    "accounts.AuditEvent": (
        Columns(
            personal="actor_id on_behalf_of reason",
            operational=(
                "id at era kind organisation_id request_id route object_type object_ids "
                "detail"
            ),
        ),
    ),
    "accounts.AuditCheckpoint": (
        Columns(
            operational=(
                "number at from_era from_tx to_era to_tx now_era next_tx row_count "
                "rows_digest previous_digest key signature leaves"
            ),
        ),
    ),
    "accounts.SearchTerm": (
        Columns(personal="user text", operational="id created_at"),
    ),
    "accounts.PastedList": (
        Columns(
            personal="user text",
            operational="id kind created_at taken_at taken_size",
        ),
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
                "submitted_at submitted_by trigger review_outcome reviewed_at reviewed_by"
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
                "born_precision gender deceased_on restriction_ground"
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
    "intelligence.SharingChange": (
        EVERYWHERE,
        Columns(
            personal="reason decided_by decision_reason",
            operational=(
                "group nominal identifier report step from_class to_class state "
                "until_on decided_at"
            ),
        ),
    ),
    "intelligence.RetentionReview": (
        EVERYWHERE,
        Columns(
            personal="reason decided_by decision_reason",
            operational=(
                "group nominal identifier report state grounds disposal_reason "
                "next_review_on record_version decided_at"
            ),
        ),
    ),
    "intelligence.DisposalCertificate": (
        EVERYWHERE,
        Columns(
            personal="proposed_by approved_by",
            operational="kind reason_code counts",
        ),
    ),
    "intelligence.SubjectRequest": (
        EVERYWHERE,
        Columns(
            personal=(
                "given_names surname born_on identifiers asked_for extension_reason "
                "decided_by decision_reason"
            ),
            operational=(
                "section received_on is_identity_asked identity_confirmed_on "
                "is_extended due_on state whole_ground decided_at"
            ),
        ),
    ),
    "intelligence.SubjectFinding": (
        EVERYWHERE,
        Columns(
            personal="nominal membership involvement reason decided_by",
            operational=(
                "request identifier report group decision grounds is_neutral decided_at"
            ),
        ),
    ),
    "intelligence.ProcessingRestriction": (
        EVERYWHERE,
        Columns(
            personal="nominal ground reason lifted_by lifted_reason",
            operational="lifted_at",
        ),
    ),
    "intelligence.CorrectionNotice": (
        Columns(
            personal="reference received_by copied_for acknowledged_by sent_by",
            operational=(
                "id public_id sender recipient source_class correction way copy_number "
                "copied_at made_at acknowledged_at sent_at"
            ),
        ),
    ),
    "intelligence.SightRequest": (
        Columns(personal="user reason", operational="id public_id reference asked_at"),
    ),
    "intelligence.SightMatch": (
        EVERYWHERE,
        Columns(
            personal="reason decided_by decision_reason",
            operational="request group nominal report state until_at decided_at",
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
    "groups.StepRule": (
        Columns(
            personal="reason set_by",
            operational="id body is_required step demand from_on set_at",
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
    **SCORING,
}
