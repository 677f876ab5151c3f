"""Addresses of the pages on platforms."""

from django.urls import path

from qunying.doors.console.ground.platforms import views, views_groups

urlpatterns = [
    path("platforms/", views.accounts, name="platforms"),
    path("platforms/export/", views.export, name="platforms_export"),
    path("platforms/compare/", views.compare, name="platforms_compare"),
    path("platforms/new/<slug:platform>/", views.new, name="platform_new"),
    path("platforms/<int:pk>/", views.one, name="platform_account"),
    path("platforms/<int:pk>/edit/", views.edit, name="platform_edit"),
    path("platforms/<int:pk>/check/", views.check, name="platform_check"),
    path("platforms/<int:pk>/pause/", views.pause, name="platform_pause"),
    path("platforms/<int:pk>/resume/", views.resume, name="platform_resume"),
    path("platforms/<int:pk>/file/", views.handout, name="platform_handout"),
    path("platforms/<int:pk>/accept/", views.accept, name="platform_accept"),
    path("platforms/<int:pk>/delete/", views.delete, name="platform_delete"),
    path("platforms/<int:pk>/groups/", views_groups.choose, name="platform_groups"),
    path("platforms/<int:pk>/compare/", views_groups.compare_all, name="platform_sync"),
    path("platforms/<int:pk>/groups/<int:group>/untie/", views_groups.untie, name="platform_untie"),
    path("platforms/<int:pk>/groups/<int:group>/history/", views_groups.history, name="platform_history"),
    path("platforms/compared/<int:pk>/", views_groups.sync, name="platform_difference"),
]
