"""Wrappers for the job clusters and the loop's chores; they take ids."""

from __future__ import annotations

from django_q.tasks import async_task

from qunying.ground.platforms import bulletins, services_phones
from qunying.ground.platforms.models import Account
from qunying.ground.platforms.services_health import due_accounts, look_at


def hand_out_checks() -> int:
    """Have workers look at the accounts that are due; how many."""
    due = due_accounts()
    for pk in due:
        async_task("qunying.ground.platforms.tasks.check_account", pk, cluster="fast")
    return len(due)


def check_account(account_id: int) -> None:
    """Look at one account; one that has gone meanwhile is passed over."""
    account = Account.objects.filter(pk=account_id, paused_at=None).first()
    if account is not None:
        look_at(account)


def bring_cards(kind: str, subject: str) -> int:
    """Bring the cards that wait about something to the phones they are for; how many arrived."""
    return services_phones.bring_cards(kind, subject)


def close_cards(kind: str, subjects: list[str]) -> int:
    """Have cards about these say that it was done elsewhere; how many."""
    return services_phones.close_cards(kind, subjects)


def tell_notice(account_id: int, words: str) -> bool:
    """Tell a team something through an account; one that has gone meanwhile is passed over."""
    account = Account.objects.filter(pk=account_id).first()
    return account is not None and bulletins.tell(account, words)
