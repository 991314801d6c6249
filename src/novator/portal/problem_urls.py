"""Problems of cities: addresses of their pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from novator.portal import problems, work_problems

urlpatterns: list[URLPattern] = [
    path("problems/", problems.problems, name="problems"),
    path("problems/<int:pk>/", problems.problem, name="problem"),
    path("cities/<slug:slug>/problems/", problems.city_problems, name="city_problems"),
    path("work/<slug:slug>/problems/", work_problems.work_problems, name="work_problems"),
    path("work/<slug:slug>/problems/new/", work_problems.problem_new, name="problem_new"),
    path("work/problems/<int:pk>/", work_problems.work_problem, name="work_problem"),
    path("work/problems/<int:pk>/act/", work_problems.problem_act, name="problem_act"),
    path("work/problems/<int:pk>/ask/", work_problems.problem_ask, name="problem_ask"),
]
