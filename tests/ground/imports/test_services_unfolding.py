"""An archive of several chats goes in as its files would one by one, each in its own group, or not at all."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from qunying.ground.events.models import Event
from qunying.ground.files.models import StoredFile
from qunying.ground.groups.models import Group
from qunying.ground.imports import services_unfolding
from qunying.ground.imports.services_unfolding import group_of_file, unfold
from qunying.kit.errors import QunyingError
from tests.support.exports import QQ, SLACK, WECHAT, WHATSAPP, as_json, zipped
from tests.support.imports import TESTS, bring, import_files

if TYPE_CHECKING:
    from qunying.ground.groups.models import Community

pytestmark = pytest.mark.django_db
WHATSAPP_TWO = "01/05/2024, 10:20 - Mei: good morning\n13/05/2024, 10:21 - Lan: hello\n"
WECHAT_TWO = "小美 2024-05-01 10:20\n早\n\n阿强 2024-05-01 10:21\n早上好\n"


def names(files: list[StoredFile]) -> list[str]:
    return [stored.name for stored in files]


def groups(community: Community) -> dict[str, int]:
    """Facts by the name of their group."""
    found = Event.objects.filter(community=community).values_list("group__name", flat=True)
    return {name: list(found).count(name) for name in set(found)}


def test_each_chat_goes_into_the_group_its_file_is_named_after(community: Community) -> None:
    inside = {"聊天/花友会.txt": WECHAT_TWO, "聊天/多肉群 2024-05-01.txt": WECHAT, "聊天/photo.jpg": b"\xff\xd8"}
    files = unfold([bring("微信.zip", zipped(inside))], by=TESTS)
    assert names(files) == ["微信.zip/聊天/多肉群 2024-05-01.txt", "微信.zip/聊天/花友会.txt"]
    result = import_files(files, "wechat_text", community)
    assert (groups(community).keys(), result["rejected"]) == ({"花友会", "多肉群"}, 0)
    assert groups(community)["花友会"] == 2
    again = unfold([bring("weixin.zip", zipped(inside))], by=TESTS)
    assert import_files(again, "wechat_text", community)["stored"] == 0


def test_a_name_in_the_file_goes_before_the_name_of_the_file(community: Community) -> None:
    other = QQ.replace("消息对象:", "消息对象:第二")
    files = unfold([bring("qq.zip", zipped({"1.txt": QQ, "2.txt": other}))], by=TESTS, format="qq")
    import_files(files, "qq", community)
    named = next(line.partition(":")[2] for line in QQ.splitlines() if line.startswith("消息对象:"))
    assert set(groups(community)) == {named, f"第二{named}"} == set(Group.objects.values_list("name", flat=True))


def test_whatsapp_names_groups_by_files_or_by_the_folders_around_them(community: Community) -> None:
    inside = {"WhatsApp Chat - Roses/_chat.txt": WHATSAPP, "WhatsApp Chat with Tulips.txt": WHATSAPP_TWO}
    import_files(unfold([bring("all.zip", zipped(inside))], by=TESTS), "whatsapp", community)
    assert set(groups(community)) == {"Roses", "Tulips"}


def test_a_group_that_was_chosen_holds_them_all_and_a_dry_run_makes_none(community: Community) -> None:
    inside = zipped({"a.txt": WHATSAPP, "b.txt": WHATSAPP_TWO})
    result = import_files(unfold([bring("x.zip", inside)], by=TESTS), "whatsapp", community, dry_run=True)
    assert (result["stored"] > 0, Event.objects.count(), Group.objects.count()) == (True, 0, 0)
    import_files(unfold([bring("x.zip", inside)], by=TESTS), "whatsapp", community, group="Alle")
    assert set(groups(community)) == {"Alle"}


def test_what_is_one_export_stays_as_it_is() -> None:
    slack = bring("slack.zip", zipped({name: as_json(value) for name, value in SLACK.items()}))
    alone = bring("one.zip", zipped({"_chat.txt": WHATSAPP, "photo.jpg": b"\xff\xd8"}))
    empty = bring("photos.zip", zipped({"photo.jpg": b"\xff\xd8"}))
    loose = bring("a.txt", WHATSAPP)
    given = [slack, alone, empty, loose]
    assert unfold(given, by=TESTS) == given


def test_the_archive_itself_is_not_kept_beside_its_files() -> None:
    archive = bring("x.zip", zipped({"a.txt": WHATSAPP, "b.txt": WHATSAPP_TWO, "empty.txt": ""}))
    files = unfold([archive], by=TESTS)
    archive.refresh_from_db()
    assert (archive.removed_at is None, [stored.removed_at for stored in files]) == (False, [None, None])


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        (
            {"a.txt": WHATSAPP, "b.txt": WHATSAPP_TWO, "odd.txt": QQ},
            "“x.zip/odd.txt” does not. It looks like QQ chat as text: import it by itself.",
        ),
        (
            {"a.txt": WHATSAPP, "b.txt": WHATSAPP_TWO, "readme.txt": "hello there"},
            "“x.zip/readme.txt” does not. Take it out of the archive.",
        ),
        ({"a.txt": "hello", "b.txt": "there"}, "“x.zip/a.txt” is of none of the known formats."),
        (
            {"a.txt": WHATSAPP, "b.txt": WHATSAPP, "more/c.zip": zipped({"c.txt": WHATSAPP})},
            "“x.zip” holds an archive within an archive. Unpack it once and import what is inside.",
        ),
        (
            {"a.txt": WHATSAPP, "b.txt": zipped({"c.txt": WHATSAPP})},
            "“x.zip” holds an archive within an archive. Unpack it once and import what is inside.",
        ),
    ],
    ids=["mixture", "stray", "unknown", "nested", "disguised"],
)
def test_what_cannot_go_in_as_one_is_refused_in_a_sentence_and_nothing_is_kept(
    inside: dict[str, str | bytes], sentence: str
) -> None:
    with pytest.raises(QunyingError) as refused:
        unfold([bring("x.zip", zipped(inside))], by=TESTS)
    usual = "All files of an archive must be of one format. 2 files look like WhatsApp export, but "
    assert str(refused.value) == (f"{usual}{sentence}" if "does not" in sentence else sentence)
    assert not StoredFile.objects.filter(removed_at=None).exists()


def test_the_format_that_was_named_is_asked_of_each_file(community: Community) -> None:
    files = unfold([bring("x.zip", zipped({"a.txt": WHATSAPP, "odd.txt": QQ}))], by=TESTS, format="whatsapp")
    with pytest.raises(QunyingError, match=r"“x\.zip/odd\.txt” is not a file of the format whatsapp.* like qq\.$"):
        import_files(files, "whatsapp", community)
    assert Event.objects.count() == 0


def test_too_many_chats_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services_unfolding, "MOST_FILES", 2)
    with pytest.raises(QunyingError, match=r"“x\.zip” holds 3 files and is refused\. Import it in parts\."):
        unfold([bring("x.zip", zipped({f"{n}.txt": WHATSAPP for n in range(3)}))], by=TESTS)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("花友会.txt", ""),
        ("a.zip/花友会.txt", "花友会"),
        ("a.zip/花友会 2024-05-01.txt", "花友会"),
        ("a.zip/花友会_20240501.txt", "花友会"),
        ("a.zip/花友会/2024-05-01.txt", "花友会"),
        ("花友会.zip/_chat.txt", "花友会"),
        ("花友会.zip/2024-05-01.txt", "花友会"),
        ("a.zip/v1.2 群.txt", "v1.2 群"),
        ("2024-05-01.zip/2024-05-01.txt", ""),
    ],
)
def test_a_name_of_a_file_is_read_as_the_name_of_a_group(name: str, group: str) -> None:
    assert group_of_file(name) == group


@pytest.mark.parametrize("seed", range(12))
def test_a_spoilt_archive_goes_in_rightly_or_not_at_all(seed: int, community: Community) -> None:
    chance = random.Random(seed)
    content = bytearray(zipped({"a.txt": WHATSAPP, "b.txt": WHATSAPP_TWO, "c.txt": WHATSAPP_TWO}))
    if seed % 3 == 0:
        content = content[: chance.randrange(5, len(content))]
    else:
        for _time in range(1 + 5 * (seed % 3)):
            content[chance.randrange(4, len(content))] = chance.randrange(256)
    stored, refused = 0, ""
    try:
        files = unfold([bring("x.zip", bytes(content))], by=TESTS)
        stored = import_files(files, "whatsapp", community)["stored"]
    except QunyingError as error:
        refused = str(error).strip()
    assert (stored > 0, Event.objects.count()) == (not refused, stored)
