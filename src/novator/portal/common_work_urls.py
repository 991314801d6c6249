"""The association: addresses of positions, joint letters, working groups and events."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import gatherings, position_acts, positions, working_groups

urlpatterns: list[URLPattern] = [
    path("association/positions/", positions.positions, name="positions"),
    path("association/positions/new/", position_acts.position_new, name="position_new"),
    path("association/positions.csv", positions.positions_csv, name="positions_csv"),
    path("feeds/positions.atom", positions.feed, name="positions_feed"),
    path("association/positions/<uuid:public_id>/", positions.position, name="position"),
    path(
        "association/positions/<uuid:public_id>/edit/",
        position_acts.position_edit,
        name="position_edit",
    ),
    path(
        "association/positions/<uuid:public_id>/act/",
        position_acts.position_act,
        name="position_act",
    ),
    path(
        "association/positions/<uuid:public_id>/remark/",
        position_acts.position_remark,
        name="position_remark",
    ),
    path("association/remarks/<int:pk>/answer/", position_acts.remark_answer, name="remark_answer"),
    path(
        "association/positions/<uuid:public_id>/paper.<str:kind>",
        positions.position_paper_file,
        name="position_paper",
    ),
    path("association/groups/", working_groups.groups, name="working_groups"),
    path("association/groups/new/", working_groups.group_new, name="working_group_new"),
    path("association/groups/<slug:slug>/", working_groups.group, name="working_group"),
    path(
        "association/groups/<slug:slug>/edit/",
        working_groups.group_edit,
        name="working_group_edit",
    ),
    path(
        "association/groups/<slug:slug>/people/",
        working_groups.group_people,
        name="working_group_people",
    ),
    path("association/events/", gatherings.gatherings, name="gatherings"),
    path("association/events/new/", gatherings.gathering_new, name="gathering_new"),
    path("association/events.ics", gatherings.calendar, name="gatherings_calendar"),
    path("feeds/events.atom", gatherings.feed, name="gatherings_feed"),
    path("association/events/<uuid:public_id>/", gatherings.gathering, name="gathering"),
    path(
        "association/events/<uuid:public_id>/event.ics",
        gatherings.one_calendar,
        name="gathering_calendar",
    ),
    path(
        "association/events/<uuid:public_id>/edit/",
        gatherings.gathering_edit,
        name="gathering_edit",
    ),
    path(
        "association/events/<uuid:public_id>/act/", gatherings.gathering_act, name="gathering_act"
    ),
    path(
        "association/events/<uuid:public_id>/people.csv",
        gatherings.people_csv,
        name="gathering_people",
    ),
]
