"""What requests and answers about goals are made of."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from qunying.doors.api.shapes import MOST_ID, Day, Given, Moment, Paging, Text, Told

Number = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,13}(\.[0-9]{1,6})?$", description="Text; money in minor units, a share from 0 to 1."),
]
_Ratio = Annotated[
    str, Field(pattern=r"^[0-9]{1,4}(\.[0-9]{1,6})?$", description="So many times the baseline: 1.2 is +20%.")
]
_Margin = Annotated[str, Field(pattern=r"^0(\.[0-9]{1,3})?$", description="A miss within it is just short; up to 0.5.")]
_Title = Annotated[Text, Field(min_length=1, max_length=120, examples=["十一月活跃率到60%"])]
_Long = Annotated[Text, Field(max_length=2000)]
_Owner = Annotated[Text, Field(max_length=60, description="A sign-in name; '' for nobody.")]
_Parent = Annotated[int, Field(ge=0, le=MOST_ID, description="A longer goal that holds its days; 0: none.")]
_Dimension = Literal["user", "content", "interaction", "business", "brand"]
_Term = Literal["long", "middle", "short"]
_Reason = Annotated[Text, Field(min_length=1, max_length=2000, examples=["双十一改期"])]


class StandingTold(Told):
    """How a goal stood when its latest look was taken."""

    day: str
    status: str
    value: float | None
    numerator: float | None
    denominator: float | None
    target: float | None


class GoalTold(Told):
    """What is to be reached. Numbers are text, so that nothing is lost; money is in minor units."""

    id: int
    community: str
    title: str
    note: str
    dimension: str
    term: str
    parent: int | None
    owner: str | None
    metric: str
    params: dict[str, Any]
    unit: str
    direction: str
    target: str | None
    target_ratio: str | None
    baseline: str | None
    flexibility: str
    start: str
    due: str
    dropped_at: Moment | None
    dropped_why: str
    standing: StandingTold | None


class RevisionTold(Told):
    """A look at a goal that changed it or kept it."""

    id: int
    day: str
    reason: str
    old_due: str
    new_due: str
    old_target: str | None
    new_target: str | None
    old_ratio: str | None
    new_ratio: str | None
    off_rhythm: bool


class GoalList(Paging):
    """Which goals."""

    dropped: bool = Field(default=False, description="true: those given up instead of those that stand.")


class GoalChange(Given):
    """What changes; what is left out stays. Target and due day are revised instead."""

    title: _Title | None = None
    title_en: Annotated[Text, Field(max_length=120)] | None = None
    note: _Long | None = None
    dimension: _Dimension | None = None
    term: _Term | None = None
    owner: _Owner | None = None
    parent: (
        Annotated[int, Field(ge=0, le=2**63 - 1, description="A longer goal that holds its days; 0: none.")] | None
    ) = None
    flexibility: _Margin | None = None
    benchmark: Number | None = None
    benchmark_source: Annotated[Text, Field(max_length=200)] | None = None


class GoalGiven(GoalChange):
    """A new goal: of a metric, or with an empty one measured by hand in `unit`. One of `target`, `target_ratio`."""

    title: _Title
    dimension: _Dimension
    term: _Term
    start: Day
    due: Day
    metric: Annotated[Text, Field(max_length=60, examples=["active_rate"])] = ""
    params: dict[str, Any] = Field(default_factory=dict, examples=[{"grade": "speaking"}])
    unit: Literal["people", "facts", "orders", "share", "money", "per_day", "number"] = "number"
    direction: Literal["up", "down"]
    target: Number | None = None
    target_ratio: _Ratio | None = None
    baseline: Number | None = None


class RevisionGiven(Given):
    """Another target or due day, or neither (it was looked at and stays), and why."""

    reason: _Reason
    target: Number | None = None
    target_ratio: _Ratio | None = None
    due: Day | None = None


class DropGiven(Given):
    """Why it is given up."""

    reason: _Reason


class ValueGiven(Given):
    """What a person measured for a local day."""

    day: Day
    value: Number
    note: _Long = ""
