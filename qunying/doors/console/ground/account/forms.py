"""What a person may change about themselves."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.ground.access.models import Staff


class ProfileForm(forms.Form):
    """Name, e-mail address and language."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=Staff.NAME_LENGTH)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    language = forms.ChoiceField(label=_("Language of the console"), choices=settings.LANGUAGES)
