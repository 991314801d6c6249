"""Pages without a language in their address."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import home, sitemap

urlpatterns: list[URLPattern] = [
    path("", home.front, name="front"),
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:part>-<int:number>.xml", sitemap.sitemap, name="sitemap"),
    path("robots.txt", sitemap.robots, name="robots"),
]
