"""Addresses of the pages on people who ask to be let in."""

from django.urls import path

from qunying.doors.console.do.admission import views

urlpatterns = [
    path("asking/", views.applicants, name="applicants"),
    path("asking/<int:pk>/admit/", views.admit, name="applicant_admit"),
    path("asking/<int:pk>/turn-away/", views.turn_away, name="applicant_turn_away"),
    path("asking/<int:pk>/settle/", views.settle, name="applicant_settle"),
]
