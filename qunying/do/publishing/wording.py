"""What a version of an entry becomes in a group: one text, with short links where clicks are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunying.do.publishing.models import PublicationLink
from qunying.do.reach.links import address_of, make_link
from qunying.kit.text.addresses import IN_TEXT, without_trailing
from qunying.plan.content.checks_own import is_buying_link

if TYPE_CHECKING:
    import re

    from qunying.do.publishing.models import Publication
    from qunying.ground.groups.models import Group
    from qunying.plan.content.models import Version


def words_of(version: Version) -> str:
    """Title, words and links of a version as one text, apart by empty lines; a title that begins the words is left."""
    title = "" if version.words.startswith(version.title) else version.title
    parts = (title, version.words, "\n".join(version.links))
    return "\n\n".join(part for part in parts if part)


def pictures_of(version: Version) -> list[int]:
    """The numbers of the stored files of its pictures, in their order."""
    return list(version.pictures.order_by("place").values_list("file", flat=True))


def is_advert(version: Version) -> bool:
    """Whether it leads to something for sale."""
    found = [hit[0] for hit in IN_TEXT.finditer(version.words)]
    return any(is_buying_link(address) for address in (*found, *version.links))


def with_short_links(words: str, publication: Publication, group: Group) -> str:
    """The words with every address replaced by a short link of this publication in this group; makes these links."""
    made: dict[str, str] = {}

    def short(match: re.Match[str]) -> str:
        url = without_trailing(match[0])
        if url not in made:
            link = make_link(url, community=publication.community, group=group)
            PublicationLink.objects.create(publication=publication, link=link)
            made[url] = address_of(link)
        return made[url] + match[0][len(url) :]

    return IN_TEXT.sub(short, words)
