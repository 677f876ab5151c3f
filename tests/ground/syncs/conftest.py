"""The platform of pigeons again."""

from tests.ground.platforms.conftest import account, pigeons

__all__ = ["account", "pigeons"]
