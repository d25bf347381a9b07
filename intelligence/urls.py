"""Addresses of reports and returns."""

from django.urls import path, re_path

from intelligence.views import (
    assuring,
    certificates,
    corrections,
    disposal,
    entry,
    entry_check,
    entry_lists,
    import_pages,
    importing,
    reading,
    restrictions,
    retention,
    returns,
    sharing,
    sharing_decisions,
    sight,
    subject_steps,
    subjects,
    submitting,
    withdrawing,
)

app_name = "intelligence"

_UUID = r"(?P<public_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_ROW = _UUID.replace("public_id", "row_id")
_KIND = r"(?P<kind>groups|people|identifiers|reports)"
_KEPT = rf"^records/{_KIND}/{_UUID}/retention/"
_DRAFT = "entry/group/<uuid:public_id>/"
_SUBJECT = "records/subjects/<uuid:public_id>/"
_RESTRICTION = "records/restrictions/<uuid:public_id>/"
_WHAT = r"find/(?P<what>groups|people)/"

urlpatterns = [
    path("entry/group/", entry.start, name="start_group"),
    path(
        "entry/group/tasks/", entry.start, {"way": "tasks"}, name="start_group_by_tasks"
    ),
    path(_DRAFT, entry.WholeDraft.as_view(), name="draft"),
    path(f"{_DRAFT}tasks/", entry.DraftTasks.as_view(), name="draft_tasks"),
    path(
        f"{_DRAFT}tasks/<slug:code>/",
        entry.DraftSection.as_view(),
        name="draft_section",
    ),
    path(f"{_DRAFT}check/", entry_check.CheckDraft.as_view(), name="draft_check"),
    path(f"{_DRAFT}keep/", entry.KeepDraft.as_view(), name="keep_draft"),
    path(f"{_DRAFT}keep/tasks/", entry.KeepForTasks.as_view(), name="keep_for_tasks"),
    path(f"{_DRAFT}save/", entry.SaveDraft.as_view(), name="save_draft"),
    path(f"{_DRAFT}look/", entry_lists.LookFor.as_view(), name="look_for_draft"),
    path(f"{_DRAFT}list/", entry_lists.PasteMembers.as_view(), name="paste_members"),
    path("entry/report/<uuid:public_id>/", submitting.opened, name="report_draft"),
    path("entry/report/keep/", submitting.keep, name="keep_report"),
    path("reports/", reading.report_list, name="reports"),
    path("reports/search/", reading.search, name="search"),
    path("reports/new/", submitting.new, name="new"),
    re_path(rf"^reports/new/{_WHAT}$", submitting.find, name="find"),
    path("reports/<uuid:public_id>/", reading.report_page, name="report"),
    path("reports/<uuid:public_id>/original/", reading.original, name="original"),
    path("reports/<uuid:public_id>/withdraw/", withdrawing.withdraw, name="withdraw"),
    path("reports/<uuid:public_id>/supersede/", submitting.supersede, name="supersede"),
    re_path(
        rf"^reports/{_UUID}/supersede/{_WHAT}$",
        submitting.find,
        name="find_superseding",
    ),
    path("assurance/", assuring.queue, name="assurance_queue"),
    path("assurance/rules/", assuring.rules, name="assurance_rules"),
    path("assurance/rules/new/", assuring.new_rule, name="new_assurance_rule"),
    path("reports/<uuid:public_id>/assure/", assuring.assure, name="assure"),
    path("groups/<uuid:public_id>/intelligence/", reading.for_group, name="for_group"),
    path("records/", retention.review_list, name="review_list"),
    path("records/clashes/", retention.clash_list, name="clash_list"),
    re_path(rf"^records/{_KIND}/{_UUID}/hold/$", retention.hold, name="hold"),
    path("records/disposals/", disposal.disposal_list, name="disposals"),
    path(
        "records/certificates/<uuid:public_id>/",
        certificates.certificate,
        name="certificate",
    ),
    re_path(rf"{_KEPT}$", disposal.retention_page, name="retention"),
    re_path(rf"{_KEPT}keep/$", disposal.Keep.as_view(), name="keep"),
    re_path(
        rf"{_KEPT}dispose/$",
        disposal.ProposeDisposal.as_view(),
        name="propose_disposal",
    ),
    re_path(
        rf"{_KEPT}{_ROW}/approve/$",
        disposal.ApproveDisposal.as_view(),
        name="approve_disposal",
    ),
    re_path(
        rf"{_KEPT}{_ROW}/decline/$",
        disposal.DeclineDisposal.as_view(),
        name="decline_disposal",
    ),
    path("records/sharing/", sharing.waiting, name="sharing_waiting"),
    re_path(
        rf"^records/{_KIND}/{_UUID}/sharing/$", sharing.sharing_page, name="sharing"
    ),
    re_path(
        rf"^records/{_KIND}/{_UUID}/sharing/change/$",
        sharing.ChangeSharing.as_view(),
        name="change_sharing",
    ),
    re_path(
        rf"^records/{_KIND}/{_UUID}/sharing/send-up/$",
        sharing.SendUp.as_view(),
        name="send_up",
    ),
    re_path(
        rf"^records/{_KIND}/{_UUID}/sharing/{_ROW}/approve/$",
        sharing_decisions.ApproveSharing.as_view(),
        name="approve_sharing",
    ),
    re_path(
        rf"^records/{_KIND}/{_UUID}/sharing/{_ROW}/decline/$",
        sharing_decisions.DeclineSharing.as_view(),
        name="decline_sharing",
    ),
    re_path(
        rf"^records/{_KIND}/{_UUID}/sharing/{_ROW}/take-back/$",
        sharing_decisions.TakeBackSharing.as_view(),
        name="take_back_sharing",
    ),
    path("records/subjects/", subjects.subject_list, name="subjects"),
    path(
        "records/subjects/new/",
        subject_steps.RegisterSubject.as_view(),
        name="register_subject",
    ),
    path(_SUBJECT, subjects.subject_page, name="subject"),
    path(f"{_SUBJECT}summary/", subjects.summary, name="subject_summary"),
    path(f"{_SUBJECT}find/", subject_steps.FindSubject.as_view(), name="find_subject"),
    path(
        f"{_SUBJECT}identity/",
        subject_steps.ConfirmIdentity.as_view(),
        name="subject_identity",
    ),
    path(
        f"{_SUBJECT}extend/",
        subject_steps.ExtendSubject.as_view(),
        name="extend_subject",
    ),
    path(
        f"{_SUBJECT}answer/",
        subject_steps.AnswerSubject.as_view(),
        name="answer_subject",
    ),
    path(
        f"{_SUBJECT}refuse/",
        subject_steps.RefuseSubject.as_view(),
        name="refuse_subject",
    ),
    path(
        f"{_SUBJECT}withdraw/",
        subject_steps.WithdrawSubject.as_view(),
        name="withdraw_subject",
    ),
    path(
        f"{_SUBJECT}found/<uuid:row_id>/decide/",
        subject_steps.DecideFinding.as_view(),
        name="decide_finding",
    ),
    path(
        f"{_SUBJECT}found/<uuid:row_id>/refuse/",
        subject_steps.RefuseFinding.as_view(),
        name="refuse_finding",
    ),
    path(_RESTRICTION, restrictions.restriction, name="restriction"),
    path(
        f"{_RESTRICTION}restrict/",
        restrictions.RestrictPerson.as_view(),
        name="restrict_person",
    ),
    path(
        f"{_RESTRICTION}lift/",
        restrictions.LiftRestriction.as_view(),
        name="lift_restriction",
    ),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/sent/", corrections.sent, name="corrections_sent"),
    path(
        "corrections/<uuid:public_id>/acknowledge/",
        corrections.AcknowledgeCorrection.as_view(),
        name="acknowledge_correction",
    ),
    path(
        "corrections/<uuid:public_id>/posted/",
        corrections.PostCorrection.as_view(),
        name="post_correction",
    ),
    path("sight/", sight.own_requests, name="sight_requests"),
    path("sight/ask/", sight.AskSight.as_view(), name="ask_sight"),
    path("sight/requests/", sight.to_decide, name="sight_to_decide"),
    path(
        "sight/requests/<uuid:public_id>/show/",
        sight.GrantSight.as_view(),
        name="grant_sight",
    ),
    path(
        "sight/requests/<uuid:public_id>/decline/",
        sight.DeclineSight.as_view(),
        name="decline_sight",
    ),
    path("sight/<uuid:public_id>/", sight.shown, name="sight"),
    path("returns/", returns.register, name="returns"),
    path("returns/new/", returns.new, name="new_return"),
    path("returns/imports/", importing.import_list, name="imports"),
    path("returns/imports/new/", importing.new, name="new_import"),
    re_path(
        r"^returns/imports/template\.(?P<kind>csv|xlsx)$",
        import_pages.template,
        name="import_template",
    ),
    path("returns/imports/<uuid:public_id>/", import_pages.page, name="import"),
    path(
        "returns/imports/<uuid:public_id>/state/",
        import_pages.fragment,
        name="import_fragment",
    ),
    path(
        "returns/imports/<uuid:public_id>/problems.csv",
        import_pages.problems_file,
        name="import_problems",
    ),
    path(
        "returns/imports/<uuid:public_id>/refused.csv",
        import_pages.refused_file,
        name="import_refused",
    ),
    path(
        "returns/imports/<uuid:public_id>/import/",
        importing.confirm,
        name="import_confirm",
    ),
    path(
        "returns/imports/<uuid:public_id>/carry-on/",
        importing.carry_on,
        name="import_carry_on",
    ),
    path(
        "returns/imports/<uuid:public_id>/discard/",
        importing.discard,
        name="import_discard",
    ),
    path("returns/<uuid:public_id>/receive/", returns.receive, name="receive"),
    path(
        "returns/<uuid:public_id>/nil/",
        returns.receive,
        {"is_nil": True},
        name="receive_nil",
    ),
]
