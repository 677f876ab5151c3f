"""Which playbook suits: five questions, a table of reasons with weights, and nothing hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Question:
    """One of the five questions: its name in the address, its words, its answers by name."""

    name: str
    words: _StrPromise
    answers: Mapping[str, _StrPromise]


QUESTIONS = (
    Question(
        "trade",
        gettext_lazy("What do you run?"),
        {
            "flowers": gettext_lazy("A small shop: flowers, gifts, plants"),
            "online": gettext_lazy("An online shop or a live room"),
            "chain": gettext_lazy("Shops or a chain: food, clothing, beauty goods"),
            "food": gettext_lazy("A restaurant, tea or coffee"),
            "service": gettext_lazy("A service: beauty, fitness, home help, advice"),
            "travel": gettext_lazy("Travel, guest houses, outdoors"),
            "courses": gettext_lazy("Courses and training"),
            "writing": gettext_lazy("Content: articles, videos, a hobby"),
            "other": gettext_lazy("Something else"),
        },
    ),
    Question(
        "size",
        gettext_lazy("How many members do you have, or expect within half a year?"),
        {
            "small": gettext_lazy("Up to 150"),
            "middle": gettext_lazy("150 to 1,000"),
            "large": gettext_lazy("More than 1,000"),
        },
    ),
    Question(
        "aim",
        gettext_lazy("What matters most now?"),
        {
            "grow": gettext_lazy("More members"),
            "talk": gettext_lazy("More life in the group"),
            "sell": gettext_lazy("Sales and repurchase"),
            "name": gettext_lazy("A good name and satisfied people"),
            "order": gettext_lazy("Order: rules, review, quality"),
        },
    ),
    Question(
        "hands",
        gettext_lazy("Who does the work?"),
        {
            "few": gettext_lazy("One to three people, beside other work"),
            "team": gettext_lazy("A small team, three to ten people"),
            "department": gettext_lazy("A department with leads and specialists"),
        },
    ),
    Question(
        "shop",
        gettext_lazy("Is there a shop people come to?"),
        {
            "none": gettext_lazy("No, everything is online"),
            "one": gettext_lazy("One shop"),
            "several": gettext_lazy("Several shops"),
        },
    ),
)

Reason = tuple[int, "_StrPromise"]

_RULES: dict[tuple[str, str], dict[str, Reason]] = {
    ("trade", "flowers"): {
        "flower-shop": (6, gettext_lazy("It was written for a flower shop and fits shops like it."))
    },
    ("trade", "online"): {
        "e-commerce": (6, gettext_lazy("Its goals are conversion, order value and repurchase online."))
    },
    ("trade", "chain"): {
        "retail": (6, gettext_lazy("Its goals are the same in every shop, so that shops can be compared.")),
        "store-visit": (3, gettext_lazy("It turns visitors of a shop into members and members into visitors.")),
    },
    ("trade", "food"): {"catering": (6, gettext_lazy("It counts in fourteen days, as guests do."))},
    ("trade", "service"): {"service": (6, gettext_lazy("Satisfaction and answers within three days come first."))},
    ("trade", "travel"): {"travel": (6, gettext_lazy("It gives people half a year to decide, as journeys need."))},
    ("trade", "courses"): {"education": (6, gettext_lazy("It goes from check-ins to the next course."))},
    ("trade", "writing"): {"content": (6, gettext_lazy("It looks at exposure and taking part before sales."))},
    ("trade", "other"): {
        "process": (2, gettext_lazy("It names no trade: four phases that suit any.")),
        "club-150": (2, gettext_lazy("It names no trade: people who know each other.")),
        "precision": (2, gettext_lazy("It names no trade: rules that suit any.")),
    },
    ("size", "small"): {
        "club-150": (3, gettext_lazy("It is made for 150 people who know each other.")),
        "education": (1, gettext_lazy("It keeps groups small.")),
        "travel": (1, gettext_lazy("It keeps groups small.")),
    },
    ("size", "middle"): {
        "flower-shop": (2, gettext_lazy("It plans for a thousand members within half a year.")),
        "service": (1, gettext_lazy("It plans for five hundred members within half a year.")),
    },
    ("size", "large"): {
        "process": (3, gettext_lazy("It begins with a thousand core users.")),
        "e-commerce": (1, gettext_lazy("It begins with a thousand core users.")),
        "precision": (1, gettext_lazy("Its rules hold many groups together.")),
    },
    ("aim", "grow"): {
        "process": (2, gettext_lazy("Its first goal is members.")),
        "flower-shop": (2, gettext_lazy("Its first month is growth.")),
    },
    ("aim", "talk"): {
        "club-150": (2, gettext_lazy("60 % active and twenty people speaking a day are its first goals.")),
        "education": (1, gettext_lazy("60 % checking in and twenty people speaking a day are its first goals.")),
        "content": (1, gettext_lazy("Participation is its first goal.")),
    },
    ("aim", "sell"): {
        "store-visit": (1, gettext_lazy("Order value and repurchase are its goals of the year.")),
        "retail": (2, gettext_lazy("Sales up by 30 % within half a year are a goal of it.")),
        "e-commerce": (2, gettext_lazy("Repurchase and order value are goals of it.")),
        "catering": (1, gettext_lazy("Repurchase is a goal of it.")),
        "club-150": (1, gettext_lazy("25 % conversion within 90 days is a goal of it.")),
    },
    ("aim", "name"): {
        "service": (2, gettext_lazy("Satisfaction and NPS are its goals.")),
        "travel": (1, gettext_lazy("Positive mentions are a goal of it.")),
        "store-visit": (1, gettext_lazy("Positive mentions and NPS are goals of it.")),
        "flower-shop": (1, gettext_lazy("Satisfaction and awareness are goals of it.")),
    },
    ("aim", "order"): {
        "precision": (3, gettext_lazy("It is a rule book: admission, conduct, two reviews of content.")),
        "content": (1, gettext_lazy("It takes over the rule book with its reviews.")),
    },
    ("hands", "few"): {
        "club-150": (2, gettext_lazy("Three people can run it.")),
        "flower-shop": (1, gettext_lazy("A weekly article and a monthly workshop are little work.")),
        "service": (1, gettext_lazy("It asks for little beside answers.")),
    },
    ("hands", "team"): {
        "flower-shop": (1, gettext_lazy("It plans with a team of ten.")),
        "store-visit": (1, gettext_lazy("It needs a team for shops and content.")),
        "precision": (1, gettext_lazy("Its leader, deputy and specialist make a small team.")),
    },
    ("hands", "department"): {
        "process": (2, gettext_lazy("It plans with a director, three leads and fifteen specialists.")),
        "precision": (1, gettext_lazy("Two reviews need more hands.")),
        "retail": (1, gettext_lazy("Shops need people of their own.")),
    },
    ("shop", "none"): {
        "e-commerce": (1, gettext_lazy("It needs no shop.")),
        "process": (1, gettext_lazy("It needs no shop.")),
        "content": (1, gettext_lazy("It needs no shop.")),
        "education": (1, gettext_lazy("It needs no shop.")),
    },
    ("shop", "one"): {
        "flower-shop": (2, gettext_lazy("It is made for one shop.")),
        "catering": (1, gettext_lazy("It brings people to the shop.")),
        "service": (1, gettext_lazy("It is made for one place.")),
    },
    ("shop", "several"): {
        "retail": (2, gettext_lazy("It is made for several shops.")),
        "store-visit": (3, gettext_lazy("It is made for brands with shops.")),
        "catering": (1, gettext_lazy("It brings people to the shops.")),
    },
}
"""(question, answer) → playbook → (weight, why). A trade that has its own playbook outweighs any two other reasons."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A playbook that suits, with the reasons from the answers, weightiest first."""

    name: str
    reasons: list[str]
    weight: int


def recommend(answers: Mapping[str, str]) -> list[Choice]:
    """The playbook that suits the answers best, and the second choice.

    `answers` has one of its answers for each question; raises QunyingError where one is missing or unknown.
    """
    for question in QUESTIONS:
        if answers.get(question.name, "") not in question.answers:
            raise QunyingError(_("One answer is missing: %(question)s") % {"question": question.words})
    return sorted(_choices(answers), key=lambda choice: -choice.weight)[:2]


def _choices(answers: Mapping[str, str]) -> list[Choice]:
    found: dict[str, list[Reason]] = {}
    for question in QUESTIONS:
        for name, reason in _RULES.get((question.name, answers[question.name]), {}).items():
            found.setdefault(name, []).append(reason)
    return [
        Choice(
            name,
            [str(words) for _weight, words in sorted(reasons, key=lambda reason: -reason[0])],
            sum(weight for weight, _words in reasons),
        )
        for name, reasons in found.items()
    ]
