"""What a new journey begins with: nothing, or a welcome to write on from."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qunying.doors.console.do.journeys.forms import SHIPPED

Plain = dict[str, Any]
_SPOKE: Plain = {"is": "since", "deed": "any-speaking"}


def begun_with(chosen: str) -> tuple[str, Plain]:
    """The usual name and the definition of a new journey, in the reader's language: words are there to be changed."""
    if chosen == SHIPPED:
        return _("Welcome in 3, 7 and 14 days"), _welcome()
    return "", {"trigger": {"on": "joined"}, "again": 0, "steps": []}


def _welcome() -> Plain:
    """Three days of greeting, seven of the best content, fourteen of guided topics.

    Answers come on working days, topics for the weekend. Nobody gets more than three messages a week, which the house
    allows where no unit says otherwise.
    """
    return {
        "trigger": {"on": "joined"},
        "again": 180,
        "goal": {"all": True, "parts": [_SPOKE | {"times": 10}]},
        "steps": [*_greeting(), *_content(), *_topics()],
    }


def _greeting() -> list[Plain]:
    thanks = _("{name}, thank you for joining in already! Ask whatever you like to know; somebody always answers.")
    shy = _("{name}, tell us in a line who you are and what you would like to find here. A word is enough.")
    return [
        {"id": "hello", "do": "welcome", "words": _("Welcome, {name}! Good that you are here.")},
        {"id": "day2", "do": "wait", "days": 1, "at": "10:00"},
        _say("guide", _("{name}, this is how it works here: what the group is for, when we meet, whom to ask.")),
        {"id": "day3", "do": "wait", "days": 1, "at": "19:00"},
        {
            "id": "spoke",
            "do": "branch",
            "if": {"all": True, "parts": [_SPOKE | {"times": 1}]},
            "then": [_say("thanks", thanks)],
            "else": [_say("invite", shy)],
        },
    ]


def _content() -> list[Plain]:
    return [
        {"id": "day6", "do": "wait", "days": 3, "at": "12:00"},
        _say("best1", _("What members read most this month: put your first piece here.")),
        {"id": "day9", "do": "wait", "days": 3, "at": "12:00"},
        _say("best2", _("And the piece that newcomers thank us for: put your second one here.")),
    ]


def _topics() -> list[Plain]:
    answers = _("Questions of this week, answered: put the answers here. What would you like to ask?")
    weekend = _("A topic for the weekend: put your question here. Show us yours in the group.")
    return [
        {"id": "workday1", "do": "wait", "days": 2, "on": "workday", "at": "19:30"},
        _say("answers1", answers),
        {"id": "weekend1", "do": "wait", "days": 2, "on": "saturday", "at": "10:00"},
        _say("topic1", weekend),
        {"id": "workday2", "do": "wait", "days": 2, "on": "workday", "at": "19:30"},
        _say("answers2", answers),
        {"id": "weekend2", "do": "wait", "days": 2, "on": "saturday", "at": "10:00"},
        _say("topic2", weekend),
    ]


def _say(name: str, words: str) -> Plain:
    return {"id": name, "do": "say", "to": "person", "words": words}
