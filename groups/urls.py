"""Addresses of groups, people and identifiers."""

from django.urls import path, re_path

from groups.views import (
    charts,
    compartments,
    corrections,
    draft_pages,
    facts,
    history,
    looking_up,
    merging,
    moderation,
    network,
    network_file,
    participation,
    people,
    person_drafts,
    reading,
    recording,
    review_policy,
    step_rules,
    transfers,
    undoing,
)
from groups.views import person_forms as person

app_name = "groups"

_GROUP = "groups/<uuid:public_id>/"
_PERSON = "people/<uuid:public_id>/"
_CELL = "compartments/<uuid:public_id>/"
_ROW = "<uuid:row_id>/"
_REQUEST = "<uuid:request_id>/"
_FACT = f"{_GROUP}<slug:kind>/{_ROW}"
_PERSON_FACT = f"{_PERSON}<slug:kind>/{_ROW}"

urlpatterns = [
    path("groups/new/", recording.NewGroup.as_view(), name="create"),
    path(_GROUP, reading.group_page, name="detail"),
    path(f"{_GROUP}edit/", recording.EditGroup.as_view(), name="edit"),
    path(f"{_GROUP}state/", recording.ChangeState.as_view(), name="change_state"),
    path(f"{_GROUP}moderate/", moderation.Moderate.as_view(), name="moderate"),
    path("moderation/", moderation.queue, name="moderation"),
    path("reviews/policy/", review_policy.policy, name="review_policy"),
    path("reviews/policy/new/", review_policy.new_rule, name="new_review_rule"),
    path("moderation/rules/", moderation.rules, name="moderation_rules"),
    path("moderation/rules/new/", moderation.new_rule, name="new_moderation_rule"),
    path("steps/rules/", step_rules.rules, name="step_rules"),
    path("steps/rules/new/", step_rules.new_rule, name="new_step_rule"),
    path(f"{_GROUP}review/", recording.ReviewGroup.as_view(), name="review"),
    path(f"{_GROUP}people/", reading.people_page, name="people"),
    path(f"{_GROUP}activity/", reading.activity_page, name="activity"),
    path(f"{_GROUP}network/", network.group_network, name="group_network"),
    path(f"{_GROUP}network/save/", charts.SaveGroupChart.as_view(), name="save_chart"),
    path(
        f"{_GROUP}network/picture.svg",
        network_file.group_picture,
        name="group_picture",
    ),
    path(f"{_GROUP}history/", history.group_history, name="history"),
    path(f"{_GROUP}members/add/", participation.AddMember.as_view(), name="add_member"),
    path(
        f"{_GROUP}members/{_ROW}edit/",
        participation.EditMember.as_view(),
        name="edit_member",
    ),
    path(
        f"{_GROUP}involvements/add/",
        participation.AddInvolvement.as_view(),
        name="add_involvement",
    ),
    path(
        f"{_GROUP}involvements/{_ROW}edit/",
        participation.EditInvolvement.as_view(),
        name="edit_involvement",
    ),
    path(f"{_GROUP}aliases/add/", facts.AddAlias.as_view(), name="add_alias"),
    path(f"{_GROUP}threats/add/", facts.AddThreat.as_view(), name="add_threat"),
    path(f"{_GROUP}activities/add/", facts.AddActivity.as_view(), name="add_activity"),
    path(
        f"{_GROUP}identifiers/add/",
        facts.AddIdentifier.as_view(),
        name="add_identifier",
    ),
    path(f"{_GROUP}links/add/", facts.AddGroupLink.as_view(), name="add_group_link"),
    path(f"{_GROUP}merge/", merging.choose, name="merge"),
    path(f"{_GROUP}merge/{_ROW}", merging.MergeInto.as_view(), name="merge_into"),
    path(f"{_GROUP}split-off/", merging.SplitOff.as_view(), name="split_off"),
    path(f"{_GROUP}transfer/", transfers.ProposeTransfer.as_view(), name="transfer"),
    path(
        f"{_GROUP}transfers/{_ROW}accept/",
        transfers.AcceptTransfer.as_view(),
        name="accept_transfer",
    ),
    path(
        f"{_GROUP}transfers/{_ROW}decline/",
        transfers.DeclineTransfer.as_view(),
        name="decline_transfer",
    ),
    path(
        f"{_GROUP}transfers/{_ROW}take-back/",
        transfers.TakeBackTransfer.as_view(),
        name="take_back_transfer",
    ),
    path("transfers/", transfers.transfer_list, name="transfers"),
    path(_FACT + "end/", corrections.EndFact.as_view(), name="end_fact"),
    path(_FACT + "correct/", corrections.CorrectFact.as_view(), name="correct_fact"),
    path(_FACT + "withdraw/", corrections.WithdrawFact.as_view(), name="withdraw_fact"),
    path("people/", people.people_list, name="people_list"),
    path("people/search/", people.people_search, name="people_search"),
    path("people/new/", person.NewPerson.as_view(), name="person_create"),
    path(
        "entry/person/<uuid:public_id>/",
        person_drafts.OpenedPerson.as_view(),
        name="person_draft",
    ),
    path("entry/person/keep/", person_drafts.KeepPerson.as_view(), name="keep_person"),
    re_path(
        r"^entry/(?P<kind>report|person)/save/$",
        draft_pages.save_draft,
        name="save_draft",
    ),
    path(
        "entry/<slug:kind>/<uuid:public_id>/discard/",
        draft_pages.DiscardDraft.as_view(),
        name="discard_draft",
    ),
    path(_PERSON, people.person_page, name="person"),
    path(f"{_PERSON}edit/", person.EditPerson.as_view(), name="person_edit"),
    path(f"{_PERSON}network/", network.person_network, name="person_network"),
    path(
        f"{_PERSON}network/save/",
        charts.SavePersonChart.as_view(),
        name="save_person_chart",
    ),
    path(
        f"{_PERSON}network/picture.svg",
        network_file.person_picture,
        name="person_picture",
    ),
    path(f"{_PERSON}history/", history.person_history, name="person_history"),
    path(
        f"{_PERSON}aliases/add/", person.AddPersonAlias.as_view(), name="person_alias"
    ),
    path(
        f"{_PERSON}identifiers/add/",
        person.AddPersonIdentifier.as_view(),
        name="person_identifier",
    ),
    path(f"{_PERSON}links/add/", person.AddPersonLink.as_view(), name="person_link"),
    path(
        _PERSON_FACT + "end/",
        corrections.EndPersonFact.as_view(),
        name="end_person_fact",
    ),
    path(
        _PERSON_FACT + "correct/",
        corrections.CorrectPersonFact.as_view(),
        name="correct_person_fact",
    ),
    path(
        _PERSON_FACT + "withdraw/",
        corrections.WithdrawPersonFact.as_view(),
        name="withdraw_person_fact",
    ),
    path(f"{_GROUP}undo/{_REQUEST}", undoing.UndoOnGroup.as_view(), name="undo"),
    path(
        f"{_PERSON}undo/{_REQUEST}", undoing.UndoOnPerson.as_view(), name="undo_person"
    ),
    path(f"groups/undo/{_REQUEST}", undoing.UndoBulk.as_view(), name="undo_bulk"),
    path("compartments/", compartments.compartment_list, name="compartments"),
    path(_CELL, compartments.compartment_page, name="compartment"),
    path(
        f"{_CELL}members/propose/",
        compartments.ProposeMembership.as_view(),
        name="propose_membership",
    ),
    path(
        f"{_CELL}members/{_ROW}approve/",
        compartments.ApproveMembership.as_view(),
        name="approve_membership",
    ),
    path(
        f"{_CELL}members/{_ROW}decline/",
        compartments.DeclineMembership.as_view(),
        name="decline_membership",
    ),
    path(
        f"{_CELL}subjects/register/",
        compartments.RegisterSubject.as_view(),
        name="register_subject",
    ),
    path("charts/", charts.chart_list, name="charts"),
    path("charts/<uuid:public_id>/", charts.open_chart, name="chart"),
    path("charts/<uuid:public_id>/remove/", charts.remove_chart, name="remove_chart"),
    path("identifiers/", looking_up.identifier_lookup, name="identifier_lookup"),
]
