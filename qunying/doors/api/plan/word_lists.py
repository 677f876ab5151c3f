"""Word lists for programs, and texts checked against them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, Path, Query, Router
from pydantic import Field

from qunying.doors.api.paging import Noun, as_json, caller_of, made, page
from qunying.doors.api.shapes import Fields, Given, Id, Page, Paging, Slug, Text, Told
from qunying.ground.access.queries import get_unit_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.ground.groups.queries import get_community_for
from qunying.kit.errors import NotAllowedError
from qunying.plan.compliance.checking import check_text
from qunying.plan.compliance.models import Word, WordList
from qunying.plan.compliance.queries import get_list_for, get_word_for, lists_for, with_counts, words_of
from qunying.plan.compliance.reading import Given as Row
from qunying.plan.compliance.services import change_list, create_list, remove_list, switch_lists
from qunying.plan.compliance.services_words import add_words, edit_word, remove_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

router = Router(tags=["plan"])
_Kind = Literal["sensitive", "advertising", "platform", "own"]
_Severity = Annotated[Literal["stop", "warn"], Field(description="stop: has to be changed; warn: is shown.")]
_Name = Annotated[Text, Field(min_length=1, max_length=WordList.NAME_LENGTH, examples=["店规"])]
_Reason = Annotated[Text, Field(max_length=Word.REASON_LENGTH, examples=["太满的话不说"])]
_Instead = Annotated[Text, Field(max_length=Word.INSTEAD_LENGTH, examples=["很好"])]
_Exceptions = Annotated[
    list[Annotated[Text, Field(max_length=Word.LENGTH)]],
    Field(max_length=Word.MOST_EXCEPTIONS, description="Harmless longer words in which it may stand."),
]


class WordListTold(Told):
    """A list; `unit` null: it holds for everyone. `key` names one that comes with Qunying."""

    id: int
    name: str
    kind: str
    severity: str
    unit: int | None
    key: str
    active: bool = Field(description="Whether its words are looked for.")
    words: int = Field(description="How many words stand on it.")


class WordTold(Told):
    """A word of a list."""

    id: int
    word: str = Field(examples=["最佳"])
    reason: str = Field(examples=["太满的话不说"])
    instead: str = Field(examples=["很好"])
    exceptions: list[str] = Field(examples=[["最佳拍档"]])


class WordListGiven(Given):
    """A new list."""

    name: _Name
    kind: _Kind
    severity: _Severity
    unit: Id | None = Field(default=None, description="Without it, the list holds for everyone.")


class WordListChange(Given):
    """What changes; what is left out stays."""

    name: _Name | None = None
    kind: _Kind | None = None
    severity: _Severity | None = None
    active: bool | None = Field(default=None, description="false: its words are not looked for.")


class WordGiven(Given):
    """A word for a list. One that is there gets what is given; what is empty changes nothing."""

    word: Annotated[Text, Field(min_length=1, max_length=200, examples=["最佳"])]
    reason: _Reason = ""
    instead: _Instead = ""
    exceptions: _Exceptions = Field(default_factory=list)


class WordsGiven(Given):
    """Words for a list."""

    words: Annotated[list[WordGiven], Field(min_length=1, max_length=1000, description="Up to a thousand words.")]


class RejectedWord(Told):
    """A word that was left out: its place among those sent, counted from 1, and why."""

    row: int
    word: str = Field(examples=["***"])
    why: str = Field(examples=["剩不下能找的字。"])


class WordsTold(Told):
    """What came of words that were sent."""

    added: int = Field(examples=[2])
    changed: int = Field(examples=[0])
    same: int = Field(examples=[1])
    rejected: list[RejectedWord] = Field(description="Those that were left out.")


class WordFilter(Paging):
    """Which words."""

    holding: Annotated[Text, Field(max_length=60, description="Words or reasons that hold this.")] = ""


class TextGiven(Given):
    """A text to check, as if it went to a community; without one, against the lists that hold for everyone."""

    text: Annotated[Text, Field(max_length=20_000, examples=["全国最佳花店"])]
    community: Slug | None = None


class FindingTold(Told):
    """A place in the text: characters from `start` up to `end`, which is not included."""

    check: str = Field(examples=["advertising"])
    label: str = Field(examples=["广告法禁用的绝对化用语"])
    start: int = Field(examples=[2])
    end: int = Field(examples=[4])
    excerpt: str = Field(examples=["最佳"])
    reason: str = Field(examples=["《广告法》第九条第三项"])
    severity: str = Field(examples=["stop"])
    instead: str = Field(examples=["很好"])


class TextTold(Told):
    """What was found, in the order of reading."""

    findings: list[FindingTold] = Field(description="Place by place.")
    stops: int = Field(description="How many of them have to be changed.")


def _lists(rows: Sequence[WordList]) -> Iterable[dict[str, Any]]:
    found = with_counts(WordList.objects.filter(pk__in=[one.pk for one in rows]))
    counted = {one.pk: one.words_now for one in found}  # type: ignore[attr-defined]
    for one in rows:
        told = {"id": one.pk, "name": one.label, "kind": one.kind, "severity": one.severity, "unit": one.unit_id}
        yield told | {"key": one.key, "active": one.active, "words": counted[one.pk]}


def _words(rows: Sequence[Word]) -> Iterable[dict[str, Any]]:
    for one in rows:
        told = {"id": one.pk, "word": one.word, "reason": one.why}
        yield told | {"instead": one.instead, "exceptions": one.exceptions}


LISTS = Noun("word_lists", WordListTold, _lists)
WORDS = Noun("words", WordTold, _words)


@router.get("/word-lists", response=Page[WordListTold], summary="Word lists")
def list_lists(request: HttpRequest, asked: Query[Paging]) -> HttpResponse:
    """Those that hold in the key's units. Asks for `plan.see`."""
    key = caller_of(request)
    if not may_anywhere(key, Permission.SEE_PLAN):
        raise NotAllowedError(_("The key may not see plans. Give it “plan.see”."))
    return page(request, lists_for(key), LISTS, asked)


@router.post("/word-lists", response={201: WordListTold}, summary="Make a word list")
def make_list(request: HttpRequest, given: Body[WordListGiven]) -> HttpResponse:
    """Asks for `rules.edit` in the unit, or everywhere for a list that holds for everyone."""
    key = caller_of(request)
    unit = None if given.unit is None else get_unit_for(key, given.unit, Permission.EDIT_RULES)
    return made(request, LISTS, create_list(given.name, kind=given.kind, severity=given.severity, unit=unit, by=key))


@router.get("/word-lists/{pk}", response=WordListTold, summary="One word list")
def show_list(request: HttpRequest, pk: Path[Id], asked: Query[Fields]) -> HttpResponse:
    """Asks for `plan.see`."""
    return LISTS.one(get_list_for(caller_of(request), pk), fields=asked.fields)


@router.patch("/word-lists/{pk}", response=WordListTold, summary="Change a word list")
def edit_list(request: HttpRequest, pk: Path[Id], given: Body[WordListChange]) -> HttpResponse:
    """Its name, its kind, what follows, and whether it is switched on. Asks for `rules.edit`."""
    key = caller_of(request)
    words = get_list_for(key, pk)
    stands = {"name": words.label, "kind": words.kind, "severity": words.severity}
    wanted = stands | given.dict(include=set(stands), exclude_none=True)
    if wanted != stands:
        change_list(words, **wanted, by=key)
    if given.active is not None:
        switch_lists([words], on=given.active, by=key)
    return LISTS.one(get_list_for(key, pk))


@router.delete("/word-lists/{pk}", response={204: None}, summary="Remove a word list")
def drop_list(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """With its words, for good; not one that comes with Qunying. Asks for `rules.edit`."""
    key = caller_of(request)
    remove_list(get_list_for(key, pk), by=key)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.get("/word-lists/{pk}/words", response=Page[WordTold], summary="Words of a list")
def list_words(request: HttpRequest, pk: Path[Id], asked: Query[WordFilter]) -> HttpResponse:
    """Asks for `plan.see`."""
    words = get_list_for(caller_of(request), pk)
    return page(request, words_of(words, holding=asked.holding), WORDS, asked, unit=words.unit)


@router.post("/word-lists/{pk}/words", response=WordsTold, summary="Put words on a list")
def put_words(request: HttpRequest, pk: Path[Id], given: Body[WordsGiven]) -> HttpResponse:
    """Each is judged by itself; those that cannot stand there are told with the reason. Asks for `rules.edit`."""
    key = caller_of(request)
    result = add_words(get_list_for(key, pk), given=[_row(at, one) for at, one in enumerate(given.words, 1)], by=key)
    rejected = [{"row": one.row, "word": one.word, "why": one.why} for one in result.rejected]
    told = {"added": result.added, "changed": result.changed, "same": result.same}
    return as_json(told | {"rejected": rejected})


@router.put("/words/{pk}", response=WordTold, summary="Change a word")
def change_word(request: HttpRequest, pk: Path[Id], given: Body[WordGiven]) -> HttpResponse:
    """It becomes what is given, what is empty included. Asks for `rules.edit`."""
    key = caller_of(request)
    return WORDS.one(edit_word(get_word_for(key, pk), given=_row(1, given), by=key))


@router.delete("/words/{pk}", response={204: None}, summary="Take a word off its list")
def drop_word(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """It comes back by being put on the list again. Asks for `rules.edit`."""
    key = caller_of(request)
    word = get_word_for(key, pk)
    remove_words(word.word_list, ids=[word.pk], by=key)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _row(number: int, given: WordGiven) -> Row:
    parts = (one.strip() for one in given.exceptions)
    exceptions = tuple(dict.fromkeys(one for one in parts if one))
    return Row(number, given.word.strip(), given.reason.strip(), given.instead.strip(), exceptions)


@router.post("/checks", response=TextTold, summary="Check a text")
def check(request: HttpRequest, given: Body[TextGiven]) -> HttpResponse:
    """What the word lists find in it; nothing is kept. Asks for `plan.see`."""
    key = caller_of(request)
    if not may_anywhere(key, Permission.SEE_PLAN):
        raise NotAllowedError(_("The key may not see plans. Give it “plan.see”."))
    community = get_community_for(key, given.community, Permission.SEE_PLAN) if given.community else None
    findings = check_text(given.text, community=community)
    told = [{name: getattr(one, name) for name in FindingTold.model_fields} for one in findings]
    return as_json({"findings": told, "stops": sum(one.severity == "stop" for one in findings)})
