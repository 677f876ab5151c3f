"""Why journeys end before their end, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MERGED = _("The member turned out to be somebody else who is in the community, too.")
LEFT = _("They left the group.")
GOAL_REACHED = _("They reached the goal.")
OUT_BY_CONDITION = _("What ends this journey early came true.")
LOST = _("The step is not there any more.")
RESTORED = _("A backup was brought back; what they were told after it was made is not known.")
STUMBLED = _("Something went wrong here; it is tried again every five minutes. The log says more.")
ENDED = _("The journey was ended.")
NOT_SENT = _("What was to be said could not leave.")
