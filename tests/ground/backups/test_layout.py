"""Backups know every table there is, in an order in which rows can be brought back."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from qunying.ground.backups.layout import tables
from qunying.ground.backups.port import left_out

LEFT_OUT = {
    "api_answer",
    "backups_backup",
    "django_q_ormq",
    "django_q_task",
    "django_session",
    "events_lease",
    "figures_settledfigure",
    "qq_opening",
    "qunying_cache",
    "reach_bucket",
    "reach_lane",
    "usersessions_usersession",
    "wecom_heard",
}


def test_what_is_left_out_is_written_down() -> None:
    assert left_out() == LEFT_OUT


def test_every_other_table_is_carried_with_every_column() -> None:
    carried = {table.name: [name for name, _holds in table.columns] for table in tables()}
    assert carried == {
        model._meta.db_table: [field.column for field in model._meta.local_concrete_fields]
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table not in LEFT_OUT and not model._meta.proxy
    }


def test_a_table_stands_behind_those_its_rows_point_at() -> None:
    placed: list[str] = []
    early = []
    for table in tables():
        model = next(one for one in apps.get_models(include_auto_created=True) if one._meta.db_table == table.name)
        for field in model._meta.local_concrete_fields:
            target = field.related_model._meta.db_table if isinstance(field, models.ForeignKey) else table.name
            if target not in [*placed, table.name]:
                early.append((table.name, target))
        placed.append(table.name)
    assert early == []
