"""Pages on which people say that two members are one person, or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from qunying.doors.console.acting import act_and_return
from qunying.doors.console.ground.merges.sides import card_of, cards_of
from qunying.doors.console.people import check_may_anywhere, staff_of
from qunying.doors.console.zones import zone_among
from qunying.ground.access.queries import holds_everywhere
from qunying.ground.access.roles import Permission
from qunying.ground.groups.queries import communities_for, get_member_for, named_like
from qunying.ground.groups.rules import check_may_with_member
from qunying.ground.merges.models import Likeness, Merge, MergeRule
from qunying.ground.merges.queries import likenesses_for, rules_on
from qunying.ground.merges.services import dismiss_likeness, merge_members, reopen_likeness, switch_rule, undo_merge
from qunying.ground.merges.services_looking import look_for_likenesses
from qunying.kit.errors import NotAllowedError, NotFoundError
from qunying.kit.numerals import to_id

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from qunying.ground.access.models import Staff
    from qunying.ground.members.models import Member

_PAGE = 10
_FOUND = 20
RULES = {
    MergeRule.Name.UNION: gettext_lazy("Same unionid"),
    MergeRule.Name.PHONE: gettext_lazy("Same telephone number, shared by at most three people"),
}


def _editor(request: HttpRequest) -> Staff:
    staff = staff_of(request)
    refusal = _("Your role may not change members. Ask the lead of the unit.")
    check_may_anywhere(staff, Permission.EDIT_MEMBERS, refusal=refusal)
    return staff


@require_GET
@login_required
def merges(request: HttpRequest) -> HttpResponse:
    """People who may be one, side by side, the likeliest first."""
    staff = _editor(request)
    state = "dismissed" if request.GET.get("state") == "dismissed" else "open"
    found = likenesses_for(staff, dismissed=state == "dismissed")
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    communities = list(communities_for(staff, Permission.SEE_MEMBERS))
    on = rules_on()
    context = {
        "cards": cards_of(list(page.object_list), communities),
        "page": page,
        "zone": zone_among(communities),
        "state": state,
        "rules": [(name, label, name in on) for name, label in RULES.items()],
        "may_rule": holds_everywhere(staff, Permission.EDIT_MEMBERS),
    }
    return render(request, "console/merges/list.html", context)


@require_POST
@login_required
def look(request: HttpRequest) -> HttpResponse:
    """Look for people who may be one now, instead of tonight."""
    staff = _editor(request)
    done = _("Everyone was looked at again.")
    return act_and_return(request, lambda: look_for_likenesses(by=staff), done=done, back=reverse("merges"))


@require_POST
@login_required
def rules(request: HttpRequest) -> HttpResponse:
    """Let a rule merge without asking, or stop it; for those who answer for everyone's members."""
    staff = _editor(request)
    if not holds_everywhere(staff, Permission.EDIT_MEMBERS):
        raise NotAllowedError(_("These rules touch everyone's members. Ask a director of the whole organisation."))
    name, on = request.POST.get("name", ""), request.POST.get("on") == "1"
    done = _("The rule is on; it merges tonight.") if on else _("The rule is off.")
    return act_and_return(request, lambda: switch_rule(name, on=on, by=staff), done=done, back=reverse("merges"))


def _likeness(request: HttpRequest, pk: int, *, dismissed: bool) -> tuple[Staff, Likeness]:
    staff = staff_of(request)
    found = likenesses_for(staff, dismissed=dismissed).filter(pk=pk).first()
    if found is None:
        raise NotFoundError(_("There is no such suggestion, or it has been decided."))
    return staff, found


@require_POST
@login_required
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """These are two people."""
    staff, found = _likeness(request, pk, dismissed=False)
    done = _("Two people; they are not suggested again.")
    return act_and_return(request, lambda: dismiss_likeness(found, by=staff), done=done, back=reverse("merges"))


@require_POST
@login_required
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Suggest them again after all."""
    staff, found = _likeness(request, pk, dismissed=True)
    back = reverse("merges") + "?state=dismissed"
    return act_and_return(request, lambda: reopen_likeness(found, by=staff), done=_("Open again."), back=back)


def _two(request: HttpRequest, pk: int, other_pk: int) -> tuple[Staff, Member, Member]:
    """Two members, both of them this person's to change."""
    staff = staff_of(request)
    both = [get_member_for(staff, one) for one in (pk, other_pk)]
    for member in both:
        check_may_with_member(staff, Permission.EDIT_MEMBERS, member)
    return staff, both[0], both[1]


@require_GET
@login_required
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the other one by name or account, and see both side by side before merging."""
    staff = staff_of(request)
    person = get_member_for(staff, pk)
    check_may_with_member(staff, Permission.EDIT_MEMBERS, person)
    communities = list(communities_for(staff, Permission.EDIT_MEMBERS))
    words, chosen = request.GET.get("q", "").strip()[:120], to_id(request.GET.get("with", ""))
    card = None
    if chosen not in {None, pk}:
        card = card_of(person, _two(request, pk, chosen)[2], communities)
    context = {
        "member": person,
        "words": words,
        "found": named_like(words, communities).exclude(pk=pk)[:_FOUND] if words else [],
        "card": card,
    }
    return render(request, "console/merges/compare.html", context)


@require_POST
@login_required
def merge(request: HttpRequest, pk: int, other_pk: int) -> HttpResponse:
    """Make the other one part of this person."""
    staff, kept, absorbed = _two(request, pk, other_pk)
    first, second = sorted((pk, other_pk))
    known = Likeness.objects.filter(first=first, second=second).first()
    reasons = known.reasons if known else []
    done = _("“%(name)s” is one person now. It can be undone on this page at any time.") % {"name": kept}
    back = reverse("member", args=[kept.pk])
    return act_and_return(
        request,
        lambda: merge_members(kept, absorbed=absorbed, by=staff, reasons=reasons),
        done=done,
        back=back,
        refused=reverse("member_merge", args=[kept.pk]),
    )


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell two people apart again."""
    staff = staff_of(request)
    found = get_object_or_404(Merge.objects.select_related("kept", "absorbed"), pk=pk)
    person = get_member_for(staff, found.kept_id)
    check_may_with_member(staff, Permission.EDIT_MEMBERS, person)
    done = _("These are two people again, each with what was theirs.")
    return act_and_return(
        request, lambda: undo_merge(found, by=staff), done=done, back=reverse("member", args=[person.pk])
    )
