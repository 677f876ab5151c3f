"""What import-linter cannot see: foreign keys are strings, and they too may only look back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

STAGES = ("kit", "ground", "plan", "do", "check", "act", "doors")


def _own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("qunying.")]


def _relations(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if isinstance(field, ForeignKey | ManyToManyField):
            yield field.name, field.related_model


def _place(model: type[Model], ground: list[str]) -> tuple[int, int]:
    """Stage, then standing within the ground: a greater place may look at a lesser one. Connectors stand above it."""
    _package, stage, app, *_rest = model.__module__.split(".")
    if stage == "connectors":
        return STAGES.index("ground"), len(ground) + 1
    return STAGES.index(stage), len(ground) - ground.index(app) if stage == "ground" else 0


def _ground_order(pyproject: dict[str, Any]) -> list[str]:
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    return next(contract["layers"] for contract in contracts if contract.get("containers") == ["qunying.ground"])


def test_every_relation_looks_back(pyproject: dict[str, Any]) -> None:
    ground = _ground_order(pyproject)
    assert [
        f"{model.__module__}.{model.__name__}.{name} → {target.__name__}"
        for model in _own_models()
        for name, target in _relations(model)
        if target.__module__.startswith("qunying.") and _place(target, ground) > _place(model, ground)
    ] == []


def test_a_relation_across_apps_leaves_no_name_on_the_other_side_unless_both_are_ground() -> None:
    assert [
        f"{model.__name__}.{field.name}"
        for model in _own_models()
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey)
        and field.related_model.__module__.startswith("qunying.ground.")
        and not model.__module__.startswith("qunying.ground.")
        and field.remote_field.related_name != "+"
    ] == []


def test_an_app_is_labelled_with_its_own_noun() -> None:
    assert [
        config.name
        for config in apps.get_app_configs()
        if config.name.startswith("qunying.") and config.label != config.name.rsplit(".", 1)[-1] and config.models
    ] == []


def test_every_app_of_the_ground_is_placed_and_installed(pyproject: dict[str, Any]) -> None:
    installed = {
        config.name.split(".")[2] for config in apps.get_app_configs() if config.name.startswith("qunying.ground.")
    }
    assert installed == set(_ground_order(pyproject))
