"""A community, a playbook of two goals, and the day it starts."""

from __future__ import annotations

from datetime import date

import pytest

from qunying.plan.playbooks.shelf import Playbook, read_playbook

START = date(2026, 3, 2)
TEXT = """\
name: small
version: 1
title: {zh: 小方案, en: A small plan}
for: {zh: 小店, en: Small shops}
description: {zh: 两个目标, en: Two goals}
phases:
  - key: begin
    title: {zh: 开头, en: The beginning}
    length: 2-4 周
goals:
  - key: members
    title: {zh: 一年到五百人, en: 500 members in a year}
    dimension: user
    term: long
    due: 12 个月
    metric: {name: members_present}
    target: 500
    flexibility: 15%
    owner: lead
  - key: active
    title: {zh: 三十天六成活跃, en: 60 % active in 30 days}
    dimension: user
    term: short
    due: 30 天
    metric: {name: active_rate, params: {grade: speaking}}
    target: 60%
    flexibility: 10%
    parent: members
budget:
  - {key: routine, title: {zh: 日常, en: Routine}, share: 70%}
"""


@pytest.fixture
def book() -> Playbook:
    """A playbook of two goals, one phase and a part that waits."""
    return read_playbook(TEXT)
