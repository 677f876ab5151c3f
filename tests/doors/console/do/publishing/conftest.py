"""The pages stand on what tests of publishing stand on."""

from tests.do.publishing.conftest import (
    account,
    connected,
    connector,
    draft_entry,
    entry,
    platform,
    published,
    second,
    wide_open,
)

__all__ = ["account", "connected", "connector", "draft_entry", "entry", "platform", "published", "second", "wide_open"]
