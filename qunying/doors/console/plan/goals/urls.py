"""Addresses of the pages of goals."""

from django.urls import path

from qunying.doors.console.plan.goals import acts, editing, views

_ONE = "communities/<slug:slug>/goals/<int:pk>/"

urlpatterns = [
    path("communities/<slug:slug>/goals/", views.goals, name="goals"),
    path("communities/<slug:slug>/goals.<str:form>", views.export, name="goals_export"),
    path("communities/<slug:slug>/goals/new/", editing.new_goal, name="goal_new"),
    path("communities/<slug:slug>/goals/baseline/", editing.suggest_baseline, name="goal_baseline"),
    path("communities/<slug:slug>/goals/count/", acts.count_anew, name="goals_count"),
    path("communities/<slug:slug>/stage/", acts.say_stage, name="stage_set"),
    path(_ONE, views.goal, name="goal"),
    path(f"{_ONE}chart/", views.chart, name="goal_chart"),
    path(f"{_ONE}edit/", editing.edit, name="goal_edit"),
    path(f"{_ONE}revise/", editing.revise, name="goal_revise"),
    path(f"{_ONE}enter/", acts.enter, name="goal_enter"),
    path(f"{_ONE}drop/", acts.drop, name="goal_drop"),
    path(f"{_ONE}take-baseline/", acts.take_baseline_again, name="goal_take_baseline"),
    path("communities/<slug:slug>/alerts/<int:pk>/acknowledge/", acts.acknowledge, name="alert_acknowledge"),
]
