"""Addresses of the picture: my work, the list of groups, dashboards, scores, receipts."""

from django.urls import path

from scoring.views import (
    bulk,
    columns,
    dashboard,
    deliveries,
    group_links,
    group_list,
    group_map,
    involvement_list,
    judging,
    movement,
    my_work,
    notices,
    past_score,
    paste,
    quality,
    receipts,
    saved,
    score,
    search,
    watching,
)

app_name = "scoring"

urlpatterns = [
    path("", my_work.my_work, name="my_work"),
    path("search/", search.search, name="search_all"),
    path("search/paste/", paste.paste, name="paste"),
    path("search/paste/file/", paste.paste_file, name="paste_file"),
    path("searches/", saved.searches, name="searches"),
    path("searches/new/", saved.new, name="save_search"),
    path("searches/open/", saved.choose, name="choose_search"),
    path("searches/<uuid:public_id>/", saved.run, name="run_search"),
    path("searches/<uuid:public_id>/remove/", saved.remove, name="remove_search"),
    path("watching/", watching.watching, name="watching"),
    path("watching/<slug:kind>/<uuid:public_id>/add/", watching.watch, name="watch"),
    path(
        "watching/<slug:kind>/<uuid:public_id>/remove/",
        watching.unwatch,
        name="unwatch",
    ),
    path("notices/", notices.notices, name="notices"),
    path("notices/count/", notices.count, name="notices_count"),
    path("notices/read/", notices.read, name="notices_read"),
    path("digest/", deliveries.digest, name="digest"),
    path("lists/<slug:code>/columns/", columns.choose, name="columns"),
    path("groups/", group_list.groups, name="groups"),
    path("groups/map/", group_map.group_map, name="group_map"),
    path("groups/search/", group_list.search, name="search"),
    path("groups/bulk/", bulk.choose, name="bulk"),
    path("groups/bulk/preview/", bulk.preview, name="bulk_preview"),
    path("groups/bulk/apply/", bulk.apply, name="bulk_apply"),
    path("groups/<uuid:public_id>/score/", score.score, name="score"),
    path(
        "groups/<uuid:public_id>/score/then/",
        past_score.past_score,
        name="past_score",
    ),
    path(
        "groups/<uuid:public_id>/judge/<slug:attribute>/", judging.judge, name="judge"
    ),
    path(
        "groups/<uuid:public_id>/confirm-band/",
        judging.confirm_band,
        name="confirm_band",
    ),
    path("dashboard/<str:scope>/", dashboard.dashboard, name="dashboard"),
    path("dashboard/<str:scope>/newer/", dashboard.newer, name="newer"),
    path("quality/<str:scope>/", quality.quality, name="quality"),
    path("quality/<str:scope>/<slug:gap>/", quality.quality_list, name="quality_list"),
    path("dashboard/<str:scope>/movement/", movement.movement, name="movement"),
    path("dashboard/<str:scope>/compare/", movement.compare, name="compare"),
    path(
        "dashboard/<str:scope>/involvements/",
        involvement_list.involvements,
        name="involvements",
    ),
    path(
        "dashboard/<str:scope>/links/",
        group_links.group_links,
        name="group_links",
    ),
    path("receipts/", receipts.receipt_list, name="receipts"),
    path("reports/<uuid:public_id>/receipt/", receipts.receipt, name="receipt"),
    path(
        "reports/<uuid:public_id>/receipt/fragment/",
        receipts.fragment,
        name="receipt_fragment",
    ),
]
