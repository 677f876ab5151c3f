from __future__ import annotations

from itertools import product

import pytest
from django.utils.translation import override

from qunying.kit.errors import QunyingError
from qunying.plan.playbooks.chooser import _RULES, QUESTIONS, recommend
from qunying.plan.playbooks.shelf import ORDER

ANSWERS = [
    dict(zip([q.name for q in QUESTIONS], given, strict=True)) for given in product(*(q.answers for q in QUESTIONS))
]


def answers(trade: str, size: str, aim: str, hands: str, shop: str) -> dict[str, str]:
    return {"trade": trade, "size": size, "aim": aim, "hands": hands, "shop": shop}


@pytest.mark.parametrize(
    ("given", "first"),
    [
        (answers("flowers", "middle", "grow", "few", "one"), "flower-shop"),
        (answers("online", "large", "sell", "team", "none"), "e-commerce"),
        (answers("chain", "large", "sell", "department", "several"), "retail"),
        (answers("food", "middle", "sell", "few", "one"), "catering"),
        (answers("service", "small", "name", "few", "one"), "service"),
        (answers("travel", "small", "name", "few", "none"), "travel"),
        (answers("courses", "small", "talk", "few", "none"), "education"),
        (answers("writing", "middle", "talk", "team", "none"), "content"),
        (answers("other", "small", "talk", "few", "none"), "club-150"),
        (answers("other", "large", "grow", "department", "none"), "process"),
        (answers("other", "large", "order", "team", "none"), "precision"),
        (answers("other", "middle", "sell", "team", "several"), "store-visit"),
    ],
)
def test_the_playbook_that_suits_comes_first(given: dict[str, str], first: str) -> None:
    assert recommend(given)[0].name == first


def test_every_combination_of_answers_gives_two_with_reasons() -> None:
    for given in ANSWERS:
        choices = recommend(given)
        assert len(choices) == 2
        assert choices[0].weight >= choices[1].weight
        assert all(choice.reasons for choice in choices)


def test_every_playbook_is_first_for_somebody_and_every_rule_names_one_of_the_shelf() -> None:
    assert {recommend(given)[0].name for given in ANSWERS} == set(ORDER)
    assert {name for rule in _RULES.values() for name in rule} <= set(ORDER)


def test_every_answer_has_a_rule() -> None:
    assert set(_RULES) == {(question.name, answer) for question in QUESTIONS for answer in question.answers}


def test_reasons_are_told_weightiest_first() -> None:
    with override("en"):
        choice = recommend(answers("food", "middle", "sell", "few", "one"))[0]
    assert choice.reasons == [
        "It counts in fourteen days, as guests do.",
        "Repurchase is a goal of it.",
        "It brings people to the shop.",
    ]


def test_a_missing_answer_is_asked_for() -> None:
    with override("en"), pytest.raises(QunyingError, match="One answer is missing: What do you run"):
        recommend({})
