"""Eighteen dimensions in four aspects, and what people make of the words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from qunying.ground.audit.models import Act
from qunying.ground.members.models import DimensionChange, Member, MemberTag, Tag, TagDimension
from qunying.ground.members.services_tags import tag_members
from qunying.ground.members.services_vocabulary import (
    add_tag,
    archive_words,
    merge_tags,
    rename_dimension,
    rename_tag,
    ship_dimensions,
)
from qunying.ground.members.shipped import SHIPPED
from qunying.kit.errors import QunyingError

if TYPE_CHECKING:
    from qunying.ground.access.models import Staff

pytestmark = pytest.mark.django_db
Source = MemberTag.Source


def test_eighteen_dimensions_ship_and_thirty_needs(lead: Staff) -> None:
    assert ship_dimensions(by=lead) == 18 + sum(len(one.tags) for one in SHIPPED)
    found = Counter(TagDimension.objects.values_list("aspect", flat=True))
    assert (TagDimension.objects.count(), found) == (
        18,
        Counter({"base": 5, "behaviour": 5, "preferences": 5, "social": 3}),
    )
    assert Tag.objects.filter(dimension__key="need").count() == 30


def test_shipping_again_changes_nothing(lead: Staff) -> None:
    ship_dimensions(by=lead)
    before = list(Tag.objects.values_list("pk", "name")), Act.objects.count()
    assert ship_dimensions(by=lead) == 0
    assert (list(Tag.objects.values_list("pk", "name")), Act.objects.count()) == before


def test_a_dimension_that_was_there_becomes_the_shipped_one(xiaomei: Member, lead: Staff) -> None:
    tag, _fresh = tag_members([xiaomei.pk], dimension="城市", name="杭州", by=lead)
    ship_dimensions(by=lead)
    assert TagDimension.objects.get(key="city").pk == tag.dimension_id


def test_a_name_in_any_language_is_the_same_word(xiaomei: Member, aqiang: Member, lead: Staff) -> None:
    ship_dimensions(by=lead)
    one, _fresh = tag_members([xiaomei.pk], dimension="sex", name="female", by=lead)
    two, _fresh = tag_members([aqiang.pk], dimension="性别", name="女", by=lead)
    assert (one, one.key) == (two, "sex-female")
    for language, words in (("en", "Sex: Female"), ("zh-hans", "性别: 女")):
        with override(language):
            assert f"{one.dimension.label}: {one.label}" == words


def test_a_name_of_ones_own_is_shown_in_every_language(lead: Staff) -> None:
    ship_dimensions(by=lead)
    city = TagDimension.objects.get(key="city")
    rename_dimension(city, name="所在城市", by=lead)
    city.refresh_from_db()
    with override("en"):
        assert city.label == "所在城市"
    with pytest.raises(QunyingError):
        rename_dimension(TagDimension.objects.get(key="sex"), name="所在城市", by=lead)


def test_a_tag_is_merged_with_its_carriers_and_the_firmer_source_stays(members: list[Member], lead: Staff) -> None:
    one, two, three = (member.pk for member in members)
    wrong, _fresh = tag_members([one, two], dimension="城市", name="杭洲", by=lead)
    right, _fresh = tag_members([two, three], dimension="城市", name="杭州", by=lead, source=Source.RULE)
    before = DimensionChange.objects.count()
    assert merge_tags(wrong, into=right, by=lead) == 2
    rows = MemberTag.objects.order_by("member").values_list("member", "tag__name", "source")
    assert list(rows) == [(one, "杭州", "hand"), (two, "杭州", "hand"), (three, "杭州", "rule")]
    assert (Tag.objects.count(), DimensionChange.objects.count()) == (1, before + 1)
    with pytest.raises(QunyingError):
        merge_tags(right, into=right, by=lead)


def test_shipped_tags_are_archived_not_merged(lead: Staff) -> None:
    ship_dimensions(by=lead)
    female, male = Tag.objects.filter(dimension__key="sex").order_by("key")
    with pytest.raises(QunyingError):
        merge_tags(female, into=male, by=lead)
    archive_words(female, on=True, by=lead)
    assert Tag.objects.get(pk=female.pk).archived_at is not None
    archive_words(female, on=False, by=lead)
    assert Tag.objects.get(pk=female.pk).archived_at is None


def test_names_are_taken_once(lead: Staff) -> None:
    dimension = TagDimension.objects.create(name="意向")
    tag = add_tag(dimension, name="绣球", by=lead)
    with pytest.raises(QunyingError):
        add_tag(dimension, name="绣球", by=lead)
    other = add_tag(dimension, name="芍药", by=lead)
    with pytest.raises(QunyingError):
        rename_tag(other, name="绣球", by=lead)
    rename_tag(tag, name="大花绣球", by=lead)
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["大花绣球", "芍药"]
