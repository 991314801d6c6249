"""What the association tells: addresses of news, of its own pages, and of their editor."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import news, news_office

urlpatterns: list[URLPattern] = [
    path("news/", news.news, name="news"),
    path("news/<slug:slug>/", news.article, name="article"),
    path("association/pages/<slug:slug>/", news.association_page, name="association_page"),
    path("association/pages/<slug:slug>.pdf", news.article_file, name="article_pdf"),
    path("association/documents/", news.documents, name="association_documents"),
    path("feeds/news.atom", news.feed, name="news_feed"),
    path("office/news/", news_office.articles, name="office_news"),
    path("office/news/new/", news_office.article_new, name="article_new"),
    path("office/news/<slug:slug>/", news_office.article_edit, name="article_edit"),
    path("office/news/<slug:slug>/files/", news_office.article_files, name="article_files"),
    path("office/news/<slug:slug>/act/", news_office.article_act, name="article_act"),
]
