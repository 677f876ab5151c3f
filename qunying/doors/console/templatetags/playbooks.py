"""What pages of playbooks say differently."""

from __future__ import annotations

from django import template

from qunying.doors.console.plan.playbooks.changes import told

register = template.Library()
register.filter("told", told)
