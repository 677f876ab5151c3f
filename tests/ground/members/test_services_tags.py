"""Tags come into being with their first use, and carry where they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qunying.ground.audit.models import Act
from qunying.ground.members.models import DimensionChange, Member, MemberTag, Tag, TagDimension
from qunying.ground.members.queries import tags_of
from qunying.ground.members.services_tags import tag_many, tag_members, tidy_tag, untag_members
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db
IMPORT = MemberTag.Source.IMPORT


def carried() -> list[tuple[str, str, str, str]]:
    rows = MemberTag.objects.order_by("member", "tag__dimension__name", "tag__name")
    return list(rows.values_list("member__display_name", "tag__dimension__name", "tag__name", "source"))


def test_tag_makes_dimension_and_tag_and_says_who_is_new(xiaomei: Member, aqiang: Member, lead: Staff) -> None:
    tag_members([xiaomei.pk], dimension="城市", name="杭州", by=lead)
    tag, fresh = tag_members([xiaomei.pk, aqiang.pk], dimension=" 城市 ", name="杭州", by=lead)
    assert fresh == [aqiang.pk]
    assert carried() == [("小美", "城市", "杭州", "hand"), ("阿强", "城市", "杭州", "hand")]
    assert (TagDimension.objects.count(), Tag.objects.count()) == (1, 1)
    act = Act.objects.filter(verb="members.tag").latest("pk")
    assert (act.subject_id, act.details) == (str(tag.pk), {"tag": tag.pk, "members": 1, "source": "hand"})


def test_tag_lets_figures_know_only_where_something_changed(xiaomei: Member, lead: Staff) -> None:
    tag_members([xiaomei.pk], dimension="城市", name="杭州", by=lead)
    before = DimensionChange.objects.count(), Act.objects.count()
    tag_members([xiaomei.pk], dimension="城市", name="杭州", by=lead)
    assert (DimensionChange.objects.count(), Act.objects.count()) == before


def test_the_same_name_in_two_dimensions_is_two_tags(xiaomei: Member, lead: Staff) -> None:
    tag_many([(xiaomei.pk, "城市", "杭州"), (xiaomei.pk, "故乡", "杭州")], source=IMPORT, by=lead)
    assert carried() == [("小美", "城市", "杭州", "import"), ("小美", "故乡", "杭州", "import")]


def test_tag_many_keeps_each_once_and_writes_one_act(members: list[Member], lead: Staff) -> None:
    wanted = [(member.pk, "来源", name) for member in members for name in ("扫码", "转介绍")]
    assert tag_many([*wanted, *wanted], source=IMPORT, by=lead) == 6
    assert tag_many(wanted, source=IMPORT, by=lead) == 0
    assert MemberTag.objects.count() == 6
    assert [act.details for act in Act.objects.filter(verb="members.tag")] == [
        {"tags": 2, "given": 6, "source": "import"}
    ]


def test_tag_many_takes_a_thousand_in_few_queries(
    lead: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = Member.objects.bulk_create(Member(display_name=f"成员{n}") for n in range(1000))
    wanted = [(member.pk, "城市", f"城{place % 7}") for place, member in enumerate(made)]
    with django_assert_max_num_queries(20):
        assert tag_many(wanted, source=IMPORT, by=lead) == 1000
    assert len(tags_of(member.pk for member in made)) == 1000


def test_untag_says_who_carried_it_and_keeps_the_tag(members: list[Member], lead: Staff) -> None:
    tag, _fresh = tag_members([members[0].pk, members[1].pk], dimension="城市", name="杭州", by=lead)
    assert untag_members([member.pk for member in members], tag=tag, by=lead) == sorted([members[0].pk, members[1].pk])
    assert untag_members([members[0].pk], tag=tag, by=lead) == []
    assert (MemberTag.objects.count(), Tag.objects.count()) == (0, 1)
    assert [act.details for act in Act.objects.filter(verb="members.untag")] == [{"members": 2}]


@pytest.mark.parametrize(
    ("dimension", "name"), [("", "杭州"), ("城市", "  "), ("城" * 61, "杭州"), ("城市", "杭" * 81)]
)
def test_a_tag_without_a_good_name_is_refused(xiaomei: Member, lead: Staff, dimension: str, name: str) -> None:
    with pytest.raises(QunyingError):
        tag_members([xiaomei.pk], dimension=dimension, name=name, by=lead)
    assert TagDimension.objects.count() == 0


def test_tidy_takes_needless_spaces_out() -> None:
    assert tidy_tag("  购买 意向", "很  高 ") == ("购买 意向", "很 高")
