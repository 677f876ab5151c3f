"""Addresses of sendings, deliveries and what is sent by hand."""

from __future__ import annotations

from django.urls import path

from qunying.doors.console.do.reach import absences, acts, composing, measures, pictures, tasks, views

urlpatterns = [
    path("sendings/", views.sendings, name="sendings"),
    path("sendings/export/", views.export, name="sendings_export"),
    path("communities/<slug:slug>/sendings/", views.sendings, name="community_sendings"),
    path("communities/<slug:slug>/sendings/new/", composing.new, name="sending_new"),
    path("sendings/<int:pk>/", views.one, name="sending"),
    path("sendings/<int:pk>/pictures/<int:file>/", pictures.of_sending, name="sending_picture"),
    path("sendings/<int:pk>/outcome/", views.outcome, name="sending_outcome"),
    path("sendings/<int:pk>/edit/", composing.edit, name="sending_edit"),
    path("sendings/<int:pk>/hand-in/", acts.hand_in_one, name="sending_hand_in"),
    path("sendings/<int:pk>/give-back/", acts.give_back_one, name="sending_give_back"),
    path("sendings/<int:pk>/release/", acts.release, name="sending_release"),
    path("sendings/<int:pk>/cancel/", acts.cancel, name="sending_cancel"),
    path("sendings/<int:pk>/nudge/", acts.nudge, name="sending_nudge"),
    path("sendings/<int:pk>/again/", acts.again, name="sending_again"),
    path("sendings/<int:pk>/test/", acts.test, name="sending_test"),
    path("sendings/measures/", measures.measures, name="measures"),
    path("sendings/measures/<int:pk>/", measures.measure, name="measure"),
    path("sendings/measures/<int:pk>/drop/", measures.drop, name="measure_drop"),
    path("deliveries/<int:pk>/settle/", acts.settle, name="delivery_settle"),
    path("by-hand/", tasks.tasks, name="hand_tasks"),
    path("by-hand/team/", tasks.team, name="hand_tasks_team"),
    path("by-hand/away/", absences.away, name="away"),
    path("by-hand/away/<int:pk>/end/", absences.end, name="away_end"),
    path("by-hand/over/", tasks.give_over, name="hand_tasks_over"),
    path("by-hand/<int:pk>/pictures/<int:file>/", pictures.of_task, name="hand_task_picture"),
    path("by-hand/<int:pk>/proof/", pictures.proof, name="hand_task_proof"),
    path("by-hand/<int:pk>/done/", tasks.done, name="hand_task_done"),
    path("by-hand/<int:pk>/impossible/", tasks.impossible, name="hand_task_impossible"),
]
