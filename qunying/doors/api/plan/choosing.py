"""Which playbook suits, and whether a text is one."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Router, Schema
from pydantic import Field

from qunying.doors.api.paging import as_json, caller_of
from qunying.doors.api.shapes import Given, Slug, Text, Told
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.kit.errors import NotAllowedError
from qunying.plan.playbooks.chooser import QUESTIONS, recommend
from qunying.plan.playbooks.own import lint_own
from qunying.plan.playbooks.shelf import playbook_named

router = Router(tags=["plan"])
_ANSWERS = {question.name: next(iter(question.answers)) for question in QUESTIONS}


class QuestionTold(Told):
    """A question about the community, and its answers by name."""

    name: str
    words: str
    answers: dict[str, str]


class AnswersGiven(Given):
    """One answer to each question, both by name."""

    answers: Annotated[dict[Slug, Slug], Field(max_length=20, examples=[_ANSWERS])]


class ChoiceTold(Told):
    """A playbook that suits, why, and how much speaks for it."""

    name: str
    title: str
    reasons: list[str]
    weight: int


class CheckGiven(Given):
    """A text that may be a playbook."""

    text: Annotated[Text, Field(min_length=1, max_length=1_000_000, description="The YAML text of a playbook.")]


class FaultTold(Schema):
    """Something wrong at a place of the text, counted from 1."""

    line: int
    column: int
    message: str


class CheckTold(Told):
    """Whether the text is a playbook, and what is wrong with it, in the order of its lines."""

    ok: bool
    faults: list[FaultTold]


@router.get("/playbook-questions", response=list[QuestionTold], summary="What is asked to choose a playbook")
def list_questions(request: HttpRequest) -> HttpResponse:
    """Asks for `plan.see`."""
    _check_sees(request)
    return as_json([{"name": one.name, "words": str(one.words), "answers": _plain(one.answers)} for one in QUESTIONS])


@router.post("/playbook-choices", response=list[ChoiceTold], summary="Choose a playbook")
def choose(request: HttpRequest, given: Body[AnswersGiven]) -> HttpResponse:
    """The one that suits the answers best, and the second choice. Asks for `plan.see`."""
    _check_sees(request)
    found = recommend(given.answers)
    told = [(one, playbook_named(one.name).title) for one in found]
    return as_json(
        [{"name": one.name, "title": title, "reasons": one.reasons, "weight": one.weight} for one, title in told]
    )


@router.post("/playbook-checks", response=CheckTold, summary="Check the text of a playbook")
def check(request: HttpRequest, given: Body[CheckGiven]) -> HttpResponse:
    """Every fault at its line and column; nothing is kept. Asks for `plan.see`."""
    _check_sees(request)
    found = lint_own(given.text, by=caller_of(request)).faults
    faults = [{"line": one.line, "column": one.column, "message": one.message} for one in found]
    return as_json({"ok": not faults, "faults": faults})


def _plain(answers: object) -> dict[str, str]:
    return {name: str(words) for name, words in dict(answers).items()}  # type: ignore[call-overload]


def _check_sees(request: HttpRequest) -> None:
    if not may_anywhere(caller_of(request), Permission.SEE_PLAN):
        raise NotAllowedError(_("The key may not see plans. Give it “plan.see”."))
