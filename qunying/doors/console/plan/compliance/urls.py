"""Addresses of the pages on word lists."""

from django.urls import path

from qunying.doors.console.plan.compliance import lists, one, trying

urlpatterns = [
    path("words/", lists.word_lists, name="word_lists"),
    path("words/export/", lists.export, name="word_lists_export"),
    path("words/switch/", lists.switch, name="word_lists_switch"),
    path("words/undo/", lists.undo, name="word_lists_undo"),
    path("words/ship/", lists.ship, name="word_lists_ship"),
    path("words/new/", lists.new, name="word_list_new"),
    path("words/try/", trying.try_text, name="text_try"),
    path("words/<int:pk>/", one.word_list, name="word_list"),
    path("words/<int:pk>/export/", one.export, name="word_list_export"),
    path("words/<int:pk>/add/", one.add, name="word_list_add"),
    path("words/<int:pk>/edit/", one.edit, name="word_list_edit"),
    path("words/<int:pk>/remove/", one.remove, name="word_list_remove"),
    path("words/<int:pk>/off/", one.take_off, name="words_remove"),
    path("words/<int:pk>/undo/", one.undo, name="words_undo"),
    path("words/word/<int:pk>/", one.word, name="word_edit"),
]
