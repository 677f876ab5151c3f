"""Shapes of what people type about goals; the verbs judge what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunying.doors.console.plan.goals.words import DIMENSIONS, DIRECTIONS, TERMS
from qunying.ground.access.models import Staff
from qunying.plan.goals.amounts import UNITS, read_amount, read_target
from qunying.plan.goals.models import Goal, horizon_of
from qunying.plan.goals.queries import possible_parents
from qunying.plan.goals.readings import fit_metric, fit_metrics
from qunying.plan.goals.rules import may_own
from qunying.plan.goals.services import Aim, Words

if TYPE_CHECKING:
    from decimal import Decimal

    from qunying.ground.groups.models import Community

_DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
_NOBODY = ("", _("Nobody yet"))
_ALONE = ("", _("None: it stands on its own"))
_BY_HAND = ("", _("Measured by hand: somebody enters its values"))
_USUAL_GRADES = [("", _("As usual")), ("seen", _("Seen")), ("interactive", _("Interacted")), ("speaking", _("Spoke"))]


class _Folded(forms.Form):
    """A form of which only `main` stands open; without it, all of it does."""

    main: tuple[str, ...] = ()

    def main_fields(self) -> list[forms.BoundField]:
        """What nobody can leave out, in the order of the form."""
        return [field for field in self if not self.main or field.name in self.main]

    def rest_fields(self) -> list[forms.BoundField]:
        """What is usual already and can be changed."""
        return [field for field in self if self.main and field.name not in self.main]

    def rest_open(self) -> bool:
        """Whether something folded away was refused."""
        return any(field.errors for field in self.rest_fields())


class WordsForm(_Folded):
    """What of a goal may change without being a revision."""

    main: tuple[str, ...] = ("title", "title_en", "dimension", "term", "parent", "owner")
    title = forms.CharField(
        label=_("What is to be reached"), max_length=120, help_text=_("In a few words, such as 60% active in November.")
    )
    title_en = forms.CharField(
        label=_("The same in English"),
        required=False,
        max_length=120,
        help_text=_("Stands where pages, reports and files are in English."),
    )
    dimension = forms.ChoiceField(label=_("Dimension"), choices=list(DIMENSIONS.items()))
    term = forms.ChoiceField(label=_("Term"), choices=list(TERMS.items()), initial=Goal.Term.MIDDLE)
    parent = forms.ChoiceField(
        label=_("Stands under"), required=False, help_text=_("A longer goal whose days hold this one's.")
    )
    owner = forms.ChoiceField(label=pgettext_lazy("goal", "Owner"), required=False)
    flexibility = forms.CharField(
        label=_("Margin"), initial="10%", help_text=_("A miss within it counts as just short. 10% to 15% is usual.")
    )
    benchmark = forms.CharField(label=_("What others reach"), required=False)
    benchmark_source = forms.CharField(label=_("Where that is from"), required=False, max_length=200)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, community: Community, goal: Goal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.community, self.goal = community, goal
        self.parents = {str(one.pk): one for one in possible_parents(community, besides=goal)}
        self.people = {str(one.pk): one for one in Staff.objects.filter(is_active=True) if may_own(one, community)}
        self._choices("parent", [_ALONE, *((pk, one.name) for pk, one in self.parents.items())])
        self._choices("owner", [_NOBODY, *((pk, one.name) for pk, one in self.people.items())])

    def _choices(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def unit(self) -> str:
        """What the goal's numbers count."""
        return self.goal.unit if self.goal else Goal.Unit.NUMBER

    def words(self) -> Words:
        """What the form says, for the verbs; raises QunyingError for a number that cannot be read."""
        given = self.cleaned_data
        return Words(
            title=given["title"],
            title_en=given["title_en"],
            note=given["note"],
            dimension=given["dimension"],
            term=given["term"],
            owner=self.people.get(given["owner"]),
            owner_role=self.goal.owner_role if self.goal else "",
            parent=self.parents.get(given["parent"]),
            flexibility=read_amount(given["flexibility"], unit=Goal.Unit.SHARE, currency=self.community.currency),
            benchmark=self._amount(given["benchmark"]),
            benchmark_source=given["benchmark_source"],
            source=self.goal.source if self.goal else "",
        )

    def _amount(self, text: str) -> Decimal | None:
        return read_amount(text, unit=self.unit(), currency=self.community.currency) if text.strip() else None


class _Figures(forms.Select):
    """The figures; those that have a grade of activity are marked, so that the page asks for it only there.

    One of them is always chosen (`always_says`): no figure means that people measure by hand.
    """

    always_says = True

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option as Django makes it, with its mark."""
        option = super().create_option(name, value, *args, **kwargs)
        if "grade" in _params_known(str(value)):
            option["attrs"]["data-grade"] = True
        return option


_AS_FIGURE = ("", _("As its figure says"))
_BY_LENGTH = ("", _("By how long it runs"))
_TERMS_BY_LENGTH = {
    Goal.Horizon.WEEK: Goal.Term.SHORT,
    Goal.Horizon.MONTH: Goal.Term.MIDDLE,
    Goal.Horizon.QUARTER: Goal.Term.LONG,
    Goal.Horizon.YEAR: Goal.Term.LONG,
}
_DIMENSIONS_BY_FIGURE = {
    "members_present": Goal.Dimension.USER,
    "joins": Goal.Dimension.USER,
    "leaves": Goal.Dimension.USER,
    "churn_rate": Goal.Dimension.USER,
    "retention": Goal.Dimension.USER,
    "messages": Goal.Dimension.CONTENT,
    **dict.fromkeys(
        (f"content_{name}" for name in ("shown", "read", "liked", "commented", "shared", "clicked", "completed")),
        Goal.Dimension.CONTENT,
    ),
    "revenue": Goal.Dimension.BUSINESS,
    "orders": Goal.Dimension.BUSINESS,
    "buyers": Goal.Dimension.BUSINESS,
    "order_value": Goal.Dimension.BUSINESS,
    "repurchase_rate": Goal.Dimension.BUSINESS,
    "": Goal.Dimension.BRAND,
}
"""What figures are about; of those not named, interaction. What people measure by hand is mostly the brand."""
_LESS_IS_BETTER = {"leaves", "churn_rate"}


class GoalForm(WordsForm):
    """A new goal."""

    main = ("title", "metric", "grade", "unit_by_hand", "baseline", "start", "due", "target", "owner")
    metric = forms.ChoiceField(label=_("Figure"), required=False, widget=_Figures)
    grade = forms.ChoiceField(
        label=_("Grade of activity"),
        required=False,
        choices=_USUAL_GRADES,
    )
    unit_by_hand = forms.ChoiceField(
        label=_("Counts"),
        choices=list(UNITS.items()),
        initial=Goal.Unit.NUMBER,
    )
    baseline = forms.CharField(label=_("Sets out from"), required=False)
    start = forms.DateField(label=_("Begins"), widget=_DAY)
    due = forms.DateField(label=pgettext_lazy("goal", "Due"), widget=_DAY)
    target = forms.CharField(label=_("Target"), help_text=_("500, 60%, or against the baseline: +20%, 1.5x."))
    direction = forms.ChoiceField(label=_("Better is"), required=False, choices=[_AS_FIGURE, *DIRECTIONS.items()])
    dimension = forms.ChoiceField(label=_("Dimension"), required=False, choices=[_AS_FIGURE, *DIMENSIONS.items()])
    term = forms.ChoiceField(label=_("Term"), required=False, choices=[_BY_LENGTH, *TERMS.items()])
    field_order = (
        "title", "metric", "grade", "unit_by_hand", "baseline", "start", "due", "target", "owner", "title_en",
        "direction", "dimension", "term", "parent", "flexibility", "benchmark", "benchmark_source", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("metric", [*((one.name, one.title) for one in fit_metrics()), _BY_HAND])

    def unit(self) -> str:
        """As its figure counts, or as chosen."""
        metric = self.cleaned_data.get("metric")
        return fit_metric(metric).unit if metric else str(self.cleaned_data.get("unit_by_hand", Goal.Unit.NUMBER))

    def clean(self) -> dict[str, Any]:
        """What was left to the figure and to the days is filled in by them."""
        given = self.cleaned_data
        metric = given.get("metric", "")
        usual = Goal.Direction.DOWN if metric in _LESS_IS_BETTER else Goal.Direction.UP
        given["direction"] = given.get("direction") or usual
        given["dimension"] = given.get("dimension") or _DIMENSIONS_BY_FIGURE.get(metric, Goal.Dimension.INTERACTION)
        if "start" in given and "due" in given:
            given["term"] = given.get("term") or _TERMS_BY_LENGTH[horizon_of(given["start"], given["due"])]
        return given

    def aim(self) -> Aim:
        """What is measured and to be reached, for the verb."""
        given = self.cleaned_data
        metric = given["metric"]
        return Aim(
            target=read_target(given["target"], unit=self.unit(), currency=self.community.currency),
            start=given["start"],
            due=given["due"],
            metric=metric,
            params=params_of(metric, given["grade"]),
            unit=self.unit(),
            direction=given["direction"],
            baseline=None if metric else self._amount(given["baseline"]),
        )


def params_of(metric: str, grade: str) -> dict[str, Any]:
    """The grade of activity, where the figure has one and it was chosen."""
    return {"grade": grade} if grade and "grade" in _params_known(metric) else {}


def _params_known(metric: str) -> set[str]:
    return {param.name for param in fit_metric(metric).params} if metric else set()


class RevisionForm(_Folded):
    """Another target or due day, and why."""

    target = forms.CharField(label=_("Target"), help_text=_("500, 60%, or against the baseline: +20%, 1.5x."))
    due = forms.DateField(label=pgettext_lazy("goal", "Due"), widget=_DAY)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What has changed. With the same target and day: why it stays."),
    )
