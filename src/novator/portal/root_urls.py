"""Pages without a language in their address."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import files, home, report_ground, report_widget, sitemap

urlpatterns: list[URLPattern] = [
    path("", home.front, name="front"),
    path("files/<uuid:public_id>/small/photo.jpg", files.small_photo, name="small_photo"),
    path("files/<uuid:public_id>/<str:name>", files.file, name="file"),
    path("widget.js", report_widget.widget_script, name="widget_script"),
    path("tiles/<int:z>/<int:x>/<int:y>.png", report_ground.map_tile, name="map_tile"),
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:part>-<int:number>.xml", sitemap.sitemap, name="sitemap"),
    path("robots.txt", sitemap.robots, name="robots"),
]
