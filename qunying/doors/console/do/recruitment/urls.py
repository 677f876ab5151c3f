"""Addresses of the pages of channels."""

from django.urls import path

from qunying.doors.console.do.recruitment import acts, codes, pictures, platform_codes, views

_ALL = "communities/<slug:slug>/channels/"
_ONE = f"{_ALL}<int:pk>/"
_CODES = f"{_ONE}platform/"
_PICTURES = f"{_ALL}pictures/"

urlpatterns = [
    path(_ALL, views.channels, name="channels"),
    path(f"{_ALL}export/", views.export, name="channels_export"),
    path(f"{_ALL}new/", views.new, name="channel_new"),
    path(f"{_ALL}codes.zip", codes.every, name="channel_codes"),
    path(_ONE, views.channel, name="channel"),
    path(f"{_ONE}edit/", views.edit, name="channel_edit"),
    path(f"{_ONE}end/", acts.end, name="channel_end"),
    path(f"{_ONE}resume/", acts.resume, name="channel_resume"),
    path(f"{_ONE}cost/", acts.cost, name="channel_cost"),
    path(f"{_ONE}cost/<int:cost_pk>/withdraw/", acts.withdraw, name="channel_cost_withdraw"),
    path(f"{_ONE}link/", acts.link, name="channel_link"),
    path(f"{_ONE}link/close/", acts.close, name="channel_link_close"),
    path(f"{_ONE}code.<slug:form>", codes.one, name="channel_code"),
    path(_CODES, platform_codes.codes, name="platform_codes"),
    path(f"{_CODES}new/<int:account>/<slug:kind>/", platform_codes.new, name="platform_code_new"),
    path(f"{_CODES}look/", platform_codes.look, name="platform_codes_look"),
    path(f"{_CODES}<int:code_pk>/change/", platform_codes.change, name="platform_code_change"),
    path(f"{_CODES}<int:code_pk>/end/", platform_codes.end, name="platform_code_end"),
    path(f"{_CODES}<int:code_pk>/picture.jpg", platform_codes.picture, name="platform_code_picture"),
    path(_PICTURES, pictures.pictures, name="join_pictures"),
    path(f"{_PICTURES}<int:pk>/put/", pictures.put, name="join_picture_put"),
    path(f"{_PICTURES}<int:pk>/remove/", pictures.remove, name="join_picture_remove"),
    path(f"{_PICTURES}<int:pk>/first/", pictures.first, name="join_picture_first"),
    path(f"{_PICTURES}<int:pk>/picture.jpg", pictures.look, name="join_picture"),
]
