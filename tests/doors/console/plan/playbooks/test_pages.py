from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.plan.goals.models import Goal
from qunying.plan.playbooks.models import Application, Book
from qunying.plan.playbooks.services import apply_at_once, draft_playbook
from qunying.plan.playbooks.services_shelf import put_playbook
from qunying.plan.playbooks.shelf import ORDER, playbook_named, read_playbook
from qunying.plan.schedule.models import WorkItem
from tests.plan.playbooks.conftest import START, TEXT
from tests.support.cast import TESTS
from tests.support.goals import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff
    from qunying.ground.groups.models import Community
    from tests.support.cast import Units

pytestmark = pytest.mark.django_db
HISTORY = "/communities/flowers/playbooks/"


def test_the_shelf_shows_five_plans_and_seven_variants(client_for: Callable[..., Client], lead: Staff) -> None:
    answer = client_for(lead).get("/playbooks/")
    shown = [[document.name for document in answer.context[part]] for part in ("plans", "variants")]
    assert shown == [list(ORDER[:5]), list(ORDER[5:])]


@pytest.mark.parametrize("name", ORDER)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_playbook_reads_as_a_document(
    client_for: Callable[..., Client], lead: Staff, name: str, language: str
) -> None:
    document = client_for(lead, language).get(f"/playbooks/{name}/").context["document"]
    assert len(document.goals) == len(playbook_named(name).content["goals"])
    assert document.work_many == len(playbook_named(name).content["work"])
    assert all(row.title and row.due and row.owner for _phase, rows in document.work for row in rows)
    assert round(sum(bar.width for bar in document.bars)) == 100
    assert all(goal.title and goal.dimension and goal.term and goal.target and goal.due for goal in document.goals)


def test_the_file_is_the_text_of_the_playbook(client_for: Callable[..., Client], lead: Staff) -> None:
    answer = client_for(lead).get("/playbooks/club-150.yaml")
    assert answer.content.decode() == playbook_named("club-150").text


def test_an_unknown_playbook_is_not_there(client_for: Callable[..., Client], lead: Staff) -> None:
    assert client_for(lead).get("/playbooks/nobody/").status_code == 404


def test_the_chooser_asks_recommends_and_says_what_is_missing(client_for: Callable[..., Client], lead: Staff) -> None:
    client = client_for(lead, "en")
    assert client.get("/playbooks/choose/").context["choices"] == []
    full = {"trade": "food", "size": "middle", "aim": "sell", "hands": "few", "shop": "one"}
    found = client.get("/playbooks/choose/", full).context["choices"]
    assert (found[0][0].name, len(found)) == ("catering", 2)
    missing = client.get("/playbooks/choose/", full | {"size": ""}).context
    assert (missing["choices"], missing["refusal"][:23]) == ([], "One answer is missing: ")


def test_a_text_of_ones_own_is_marked_by_line(client_for: Callable[..., Client], lead: Staff) -> None:
    answer = client_for(lead, "en").post("/playbooks/own/", {"text": TEXT.replace("budget:", "budgets:")})
    assert [(line.number, len(line.faults)) for line in answer.context["lines"]] == [
        (27, 0),
        (28, 0),
        (29, 1),
        (30, 0),
        (31, 0),
    ]
    assert answer.context["document"] is None


def test_a_sound_text_of_ones_own_goes_to_the_review(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    client = client_for(lead)
    assert client.post("/playbooks/own/", {"text": TEXT}).context["document"].name == "small"
    client.post("/playbooks/own/", {"text": TEXT, "community": "flowers", "start": "2026-03-02"})
    assert Application.objects.get().text == TEXT


@pytest.mark.django_db(transaction=True)
def test_the_review_doubts_what_the_community_could_never_measure(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    tell(community, [("p0", "joined", START), ("p1", "joined", START)])
    application = draft_playbook(community, playbook=read_playbook(TEXT), start=START, by=TESTS)
    answer = client_for(lead, "en").get(f"{HISTORY}{application.pk}/")
    doubts = {drafted.name: drafted.doubts for part in answer.context["parts"] for drafted in part.lines}
    words = "No message was ever recorded here, so this cannot be counted. Import the chat first."
    assert doubts == {"goals/members": (), "goals/active": (words,)}
    assert words in answer.content.decode()


def test_the_review_saves_applies_and_is_undone(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    client = client_for(lead)
    page = client.post("/playbooks/club-150/draft/", {"community": "flowers", "start": "2026-03-02"}).headers[
        "Location"
    ]
    lines = [drafted.name for part in client.get(page).context["parts"] for drafted in part.lines]
    form = {"start": "2026-04-01", "keep": lines[1:], "goals/active-month/target": "55%"}
    client.post(f"{page}review/", form | {"save": "1"})
    application = Application.objects.get()
    assert (application.state, application.left_out, application.start.isoformat()) == (
        "draft",
        lines[:1],
        "2026-04-01",
    )
    client.post(f"{page}review/", form | {"apply": "1"})
    assert Goal.objects.count() == 6
    assert float(Goal.objects.get(key="active-month").target_value or 0) == 0.55
    assert WorkItem.objects.count() == 20
    assert client.get(page).context["goes"] == 30
    client.post(f"{page}undo/")
    assert (Goal.objects.count(), WorkItem.objects.count()) == (0, 0)
    assert client.get(page).context["application"].state == "undone"


def test_a_refusal_keeps_what_was_typed(client_for: Callable[..., Client], lead: Staff, community: Community) -> None:
    application = draft_playbook(community, playbook=playbook_named("club-150"), start=START, by=TESTS)
    page = f"{HISTORY}{application.pk}/"
    form = {"start": "2026-03-02", "keep": ["goals/active-month"], "goals/active-month/target": "plenty"}
    answer = client_for(lead, "en").post(f"{page}review/", form | {"apply": "1"})
    touched = [d for part in answer.context["parts"] for d in part.lines if d.touched]
    assert (answer.status_code, [(d.name, d.wanted) for d in touched]) == (400, [("goals/active-month", True)])
    assert Goal.objects.count() == 0


def test_who_may_only_look_sees_no_buttons(
    client_for: Callable[..., Client], reviewer: Staff, community: Community
) -> None:
    application = draft_playbook(community, playbook=playbook_named("club-150"), start=START, by=TESTS)
    text = client_for(reviewer).get(f"{HISTORY}{application.pk}/").content.decode()
    assert ['name="apply"' in text, "draft-edit" in text, "discard/" in text] == [False, False, False]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_history_asks_the_same_few_questions_however_long(
    client_for: Callable[..., Client],
    lead: Staff,
    community: Community,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for name in ORDER[:rows]:
        draft_playbook(community, playbook=playbook_named(name), start=START, by=lead)
    client = client_for(lead)
    client.get(HISTORY)
    with django_assert_num_queries(9):
        answer = client.get(HISTORY)
    assert len(answer.context["rows"]) == rows


def test_the_history_says_who_and_how_it_stands(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    assert "这里还没用过方案" in client_for(lead).get(HISTORY).content.decode()
    apply_at_once(community, playbook=playbook_named("club-150"), start=START, by=lead)
    row = client_for(lead).get(HISTORY).context["rows"][0]
    assert (row["title"], row["by"], row["made"], row["application"].state) == ("150人社群方案", "群主", 31, "applied")


def test_what_stands_is_exported(client_for: Callable[..., Client], lead: Staff, community: Community) -> None:
    apply_at_once(community, playbook=playbook_named("club-150"), start=START, by=lead)
    answer = client_for(lead).get(f"{HISTORY}export.yaml")
    assert answer["Content-Disposition"] == 'attachment; filename="flowers.yaml"'
    assert "members-year" in answer.content.decode()


def _newer(community: Community, lead: Staff) -> Application:
    """The small playbook applied at version 1, with version 2 (another target, one goal gone) on the shelf."""
    put_playbook(TEXT, unit=community.unit, by=lead)
    applied = apply_at_once(community, playbook=read_playbook(TEXT), start=START, by=lead)
    text = TEXT.replace("version: 1", "version: 2").replace("target: 500", "target: 600")
    put_playbook(text[: text.index("  - key: active")] + text[text.index("budget:") :], unit=community.unit, by=lead)
    return applied


def test_a_newer_version_is_offered_told_drafted_and_applied(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    applied, client = _newer(community, lead), client_for(lead, "en")
    page = f"{HISTORY}{applied.pk}/"
    offer = client.get(page).context["offer"]
    assert (offer["sentence"], dict(offer["kinds"])) == ("Version 2 is on the shelf.", {"changed": 1, "gone": 1})
    parts = client.get(f"{page}changes/").context["parts"]
    told = [
        (label, one.kind, [(each.label, each.before, each.after) for each in one.said])
        for label, rows in parts
        for one in rows
    ]
    assert told == [("Goals", "changed", [("Target", "500", "600")]), ("Goals", "gone", [])]
    review = client.post(f"{page}update/").headers["Location"]
    lines = [drafted.name for part in client.get(review).context["parts"] for drafted in part.lines]
    assert lines == ["goals/members", "goals/active"]
    client.post(f"{review}review/", {"keep": lines, "apply": "1"})
    assert [(goal.key, float(goal.target_value or 0)) for goal in Goal.objects.all()] == [("members", 600)]
    assert (client.get(page).context["next"].version, client.get(page).context["offer"]) == ("2", None)


def test_a_line_of_the_difference_that_is_unticked_stays_as_it_is(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    applied, client = _newer(community, lead), client_for(lead)
    review = client.post(f"{HISTORY}{applied.pk}/update/").headers["Location"]
    client.post(f"{review}review/", {"keep": ["goals/active"], "apply": "1"})
    assert [(goal.key, float(goal.target_value or 0)) for goal in Goal.objects.all()] == [("members", 500)]


def test_an_offer_can_be_declined(client_for: Callable[..., Client], lead: Staff, community: Community) -> None:
    applied, client = _newer(community, lead), client_for(lead)
    page = f"{HISTORY}{applied.pk}/"
    client.post(f"{page}decline/")
    assert (client.get(page).context["offer"], client.get(f"{page}changes/").status_code) == (None, 404)


def test_a_file_of_ones_own_is_put_on_the_shelf_and_read_there(
    client_for: Callable[..., Client], lead: Staff, community: Community, outsider: Staff
) -> None:
    client = client_for(lead)
    shown = client.post("/playbooks/own/", {"text": TEXT}).context
    assert ([unit.name for unit in shown["units"]], shown["shipped"]) == (["花店一店"], False)
    client.post("/playbooks/own/", {"text": TEXT, "unit": str(community.unit_id)})
    later = TEXT.replace("version: 1", "version: 2").replace("target: 500", "target: 600")
    assert client.post("/playbooks/own/", {"text": later, "unit": str(community.unit_id)}).status_code == 302
    page = client.get("/playbooks/small/").context
    assert [(one["row"].version, one["by"], one["parts"] is None) for one in page["versions"]] == [
        ("2", "群主", False),
        ("1", "群主", True),
    ]
    assert client.get("/playbooks/small/versions/1.yaml").content.decode() == TEXT
    assert [document.name for _book, document in client.get("/playbooks/").context["own"]] == ["small"]
    assert client_for(outsider).get("/playbooks/small/").status_code == 404


def test_a_refused_text_is_not_lost(client_for: Callable[..., Client], lead: Staff, community: Community) -> None:
    client = client_for(lead, "en")
    client.post("/playbooks/own/", {"text": TEXT, "unit": str(community.unit_id)})
    other = TEXT.replace("target: 500", "target: 600")
    answer = client.post("/playbooks/own/", {"text": other, "unit": str(community.unit_id)})
    assert (answer.context["text"], answer.context["refusal"][:38]) == (other, "Version 1 is on the shelf with another")


def test_nobody_puts_a_text_on_the_shelf_of_another_unit(
    client_for: Callable[..., Client], lead: Staff, reviewer: Staff, units: Units
) -> None:
    for staff, unit in ((lead, units.south), (lead, units.headquarters), (reviewer, units.shop)):
        answer = client_for(staff).post("/playbooks/own/", {"text": TEXT, "unit": str(unit.pk)})
        assert answer.status_code == 404
    assert Book.objects.count() == 0


def test_a_book_is_taken_off_the_shelf_and_put_back(
    client_for: Callable[..., Client], lead: Staff, units: Units
) -> None:
    put_playbook(TEXT, unit=units.shop, by=lead)
    client = client_for(lead)
    shelf = client.post("/playbooks/small/remove/").headers["Location"]
    assert (shelf, client.get(shelf).context["own"]) == ("/playbooks/?removed=small", [])
    assert "/playbooks/small/restore/" in client.get(shelf).content.decode()
    client.post("/playbooks/small/restore/")
    assert len(client.get("/playbooks/").context["own"]) == 1


def test_what_stands_is_kept_on_the_shelf_and_taken_along(
    client_for: Callable[..., Client], lead: Staff, community: Community
) -> None:
    apply_at_once(community, playbook=read_playbook(TEXT), start=START, by=lead)
    answer = client_for(lead).post(f"{HISTORY}keep/")
    assert answer["Content-Disposition"] == 'attachment; filename="flowers.yaml"'
    assert (Book.objects.get().name, Book.objects.get().versions.get().text) == ("flowers", answer.content.decode())


@pytest.mark.parametrize("rows", [1, 3])
def test_the_shelf_asks_the_same_few_questions_however_many_books(
    client_for: Callable[..., Client],
    lead: Staff,
    units: Units,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for number in range(rows):
        put_playbook(TEXT.replace("name: small", f"name: small-{number}"), unit=units.shop, by=lead)
    client = client_for(lead)
    client.get("/playbooks/")
    with django_assert_num_queries(8):
        answer = client.get("/playbooks/")
    assert len(answer.context["own"]) == rows
