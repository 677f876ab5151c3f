"""The page of word lists: what there is, switching, making one, putting in those that come with Qunying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qunying.doors.console.acting import act_and_return, ids_in
from qunying.doors.console.lists import Column, Listing
from qunying.doors.console.people import check_may_anywhere, staff_of, went_well
from qunying.doors.console.plan.compliance.forms import NewListForm
from qunying.doors.console.zones import zone_of
from qunying.ground.access.queries import holds_everywhere, units_for
from qunying.ground.access.roles import Permission
from qunying.ground.access.rules import may_anywhere
from qunying.kit.errors import QunyingError
from qunying.plan.compliance.models import WordList
from qunying.plan.compliance.queries import lists_for, with_counts
from qunying.plan.compliance.services import create_list, ship_lists, switch_lists
from qunying.plan.compliance.shipped import shipped_lists

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from qunying.ground.access.models import Staff

_PAGE = 50
_UNDO = "word_lists_undo"

LISTS: Listing[Any] = Listing(
    "word_lists",
    gettext_lazy("Word lists"),
    (
        Column("name", gettext_lazy("Name"), lambda row: row.label, order="name"),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display(), order="kind"),
        Column(
            "severity", gettext_lazy("Where one is found"), lambda row: row.get_severity_display(), order="severity"
        ),
        Column("unit", gettext_lazy("Holds for"), lambda row: row.unit.name if row.unit else _("Everyone")),
        Column("words", gettext_lazy("Words"), lambda row: row.words_now, order="words_now", css="number"),
        Column("active", gettext_lazy("Switched on"), lambda row: row.active, order="active"),
    ),
    default="name",
)
"""Rows are lists with their counts (`with_counts`)."""


def seer_of(request: HttpRequest) -> Staff:
    """The person at the screen, who sees plans somewhere; raises NotAllowedError for others."""
    staff = staff_of(request)
    refusal = _("Your role does not see plans. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.SEE_PLAN, refusal=refusal)
    return staff


def keeper_of_rules(request: HttpRequest) -> Staff:
    """The person at the screen, who keeps word lists somewhere; raises NotAllowedError for others."""
    staff = staff_of(request)
    refusal = _("Your roles do not include keeping word lists. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.EDIT_RULES, refusal=refusal)
    return staff


def check_may_export(staff: Staff) -> None:
    """Raise NotAllowedError unless this person may take lists out."""
    refusal = _("Your role may not take lists out. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.EXPORT, refusal=refusal)


def _found(request: HttpRequest, staff: Staff) -> QuerySet[WordList]:
    found, words = lists_for(staff), request.GET.get("q", "").strip()
    if words:
        named = Q(name__icontains=words) | Q(name_en__icontains=words)
        found = found.filter(named | Q(pk__in=WordList.objects.filter(words__word__icontains=words).values("pk")))
    if request.GET.get("kind") in WordList.Kind.values:
        found = found.filter(kind=request.GET["kind"])
    if request.GET.get("active") in {"1", "0"}:
        found = found.filter(active=request.GET["active"] == "1")
    return LISTS.sort(with_counts(found), request.GET)


@require_GET
@login_required
def word_lists(request: HttpRequest) -> HttpResponse:
    """The lists that hold for this person's units."""
    staff = seer_of(request)
    page = Paginator(_found(request, staff), _PAGE).get_page(request.GET.get("page"))
    keeps = set(units_for(staff, Permission.EDIT_RULES).values_list("pk", flat=True))
    everywhere = holds_everywhere(staff, Permission.EDIT_RULES)
    last = request.session.get(_UNDO) if "undo" in request.GET else None
    context = {
        "page": page,
        "rows": [{"list": one, "keeps": everywhere if one.unit_id is None else one.unit_id in keeps} for one in page],
        "kinds": WordList.Kind.choices,
        "wanted": request.GET,
        "filtered": any(request.GET.get(name) for name in ("q", "kind", "active")),
        "may_make": bool(keeps),
        "may_ship": everywhere and _missing(),
        "may_export": may_anywhere(staff, Permission.EXPORT),
        "undo": last["words"] if last else "",
        **LISTS.table(request.GET),
    }
    return render(request, "console/compliance/lists.html", context)


def _missing() -> bool:
    """Whether a list that comes with Qunying has not been put in."""
    keys = {one["key"] for one in shipped_lists()}
    return bool(keys - set(WordList.objects.exclude(key="").values_list("key", flat=True)))


@require_GET
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The lists as a file, without their words."""
    staff = seer_of(request)
    check_may_export(staff)
    found = _found(request, staff)
    return LISTS.export(request, found, count=found.count(), zone=zone_of(staff), by=staff)


@require_POST
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    """Switch the chosen lists on or off: all of them, or none."""
    staff = keeper_of_rules(request)
    query = QueryDict(request.POST.get("filters", "").lstrip("?"), mutable=True)
    query.pop("undo", None)
    on = request.POST.get("act") == "on"
    try:
        turned = switch_lists(_chosen(request, staff), on=on, by=staff)
    except QunyingError as refused:
        messages.error(request, str(refused))
    else:
        words = _turned_words(len(turned), on=on)
        messages.success(request, words)
        if turned:
            request.session[_UNDO] = {"ids": turned, "on": on, "words": words}
            query["undo"] = "1"
    address = reverse("word_lists")
    return redirect(f"{address}?{query.urlencode()}" if query else address)


def _chosen(request: HttpRequest, staff: Staff) -> list[WordList]:
    found = list(lists_for(staff).filter(pk__in=ids_in(request.POST)))
    if not found:
        raise QunyingError(_("No list is chosen. Tick the boxes of those you mean."))
    return found


def _turned_words(count: int, *, on: bool) -> str:
    if on:
        words = ngettext("%(count)d list is switched on.", "%(count)d lists are switched on.", count)
    else:
        words = ngettext("%(count)d list is switched off.", "%(count)d lists are switched off.", count)
    return words % {"count": count}


@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last switching back."""
    staff = keeper_of_rules(request)
    last = request.session.pop(_UNDO, None)

    def act() -> None:
        if last is None:
            raise QunyingError(_("There is nothing left to take back."))
        switch_lists(lists_for(staff).filter(pk__in=last["ids"]), on=not last["on"], by=staff)

    return act_and_return(request, act, done=_("The change is taken back."), back=reverse("word_lists"))


@require_POST
@login_required
def ship(request: HttpRequest) -> HttpResponse:
    """Put in the lists that come with Qunying."""
    staff = keeper_of_rules(request)
    done = _("The lists that come with Qunying are there.")
    return act_and_return(request, lambda: ship_lists(by=staff), done=done, back=reverse("word_lists"))


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Make a list, then go on to its words."""
    staff = keeper_of_rules(request)
    usual = {"kind": WordList.Kind.OWN, "severity": WordList.Severity.WARN}
    form = NewListForm(request.POST or None, staff=staff, initial=usual)
    made: list[WordList] = []
    if form.is_valid() and went_well(form, lambda: made.append(_make(form, staff))):
        messages.success(request, _("The list is made. Now put words on it."))
        return redirect("word_list_add", made[0].pk)
    return render(request, "console/compliance/new.html", {"form": form}, status=400 if form.errors else 200)


def _make(form: NewListForm, staff: Staff) -> WordList:
    given = form.cleaned_data
    return create_list(given["name"], kind=given["kind"], severity=given["severity"], unit=form.unit(), by=staff)
