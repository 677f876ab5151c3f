"""The purposes every community has."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.ground.privacy.purposes import Purpose, declare_purpose

MARKETING = declare_purpose(
    Purpose(
        "marketing",
        _("Offers and advertising"),
        _("Sending offers, news of products and invitations to buy."),
        "1",
        automated=True,
    )
)
PROFILING = declare_purpose(
    Purpose(
        "profiling",
        _("Picking by traits"),
        _("Choosing what someone is shown or sent by their tags and by what they did."),
        "1",
        automated=True,
    )
)
PHONE = declare_purpose(
    Purpose("phone", _("Calls and text messages"), _("Using the telephone number to get in touch."), "1")
)
SENSITIVE = declare_purpose(
    Purpose(
        "sensitive",
        _("Sensitive data"),
        _("Keeping sensitive data such as health, faith or exact whereabouts."),
        "1",
    )
)
