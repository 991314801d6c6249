"""The association: addresses of members, applications, representatives and fees."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import (
    association,
    association_fees,
    association_joining,
    association_members,
    city_code,
)

urlpatterns: list[URLPattern] = [
    path("association/", association.association, name="association"),
    path("association/members/", association.members, name="members"),
    path("association/members/spots.json", association.spots, name="member_spots"),
    path("association/members/<slug:slug>/", association.member, name="member"),
    path(
        "association/members/<slug:slug>/standing/",
        association_members.standing,
        name="member_standing",
    ),
    path(
        "association/members/<slug:slug>/representatives/",
        association_members.representatives,
        name="representatives",
    ),
    path("association/members/<slug:slug>/fees/", association_fees.member_fees, name="member_fees"),
    path("association/join/", association_joining.join, name="join_association"),
    path(
        "association/applications/<uuid:public_id>/",
        association_joining.application,
        name="application",
    ),
    path(
        "association/applications/<uuid:public_id>/<slug:act>/",
        association_joining.application_act,
        name="application_act",
    ),
    path("association/invoices/<uuid:public_id>/", association_fees.invoice, name="invoice"),
    path(
        "association/invoices/<uuid:public_id>/act/",
        association_fees.invoice_act,
        name="invoice_act",
    ),
    path(
        "association/invoices/<uuid:public_id>/file/<slug:kind>/",
        association_fees.invoice_file,
        name="invoice_file",
    ),
    path(
        "office/applications/", association_joining.office_applications, name="office_applications"
    ),
    path("office/cities/<slug:slug>/code/", city_code.city_code, name="city_code"),
    path("office/fees/", association_fees.fees, name="fees"),
    path("office/fees/rule/", association_fees.fee_rule, name="new_fee_rule"),
    path("office/fees/rule/<int:year>/", association_fees.fee_rule, name="fee_rule"),
    path("office/fees/<int:year>.csv", association_fees.fees_csv, name="fees_csv"),
    path("feeds/members.atom", association.feed, name="members_feed"),
]
