"""The checks there are, with their sentences and remedies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qunying.ground.patrol import looks, looks_machine
from qunying.ground.patrol.checks import Check, register_check

_MACHINE = (
    Check(
        "home",
        _("Home directory"),
        looks_machine.look_home,
        {"well": "%(home)s", "missing": _("%(home)s is missing or cannot be written"), "unfinished": "%(home)s"},
        {
            "missing": _("Run “qunying init”, or set QUNYING_HOME to a directory you may write to."),
            "unfinished": "%(sentence)s",
        },
        needed=True,
    ),
    Check(
        "keys",
        _("Keys"),
        looks_machine.look_keys,
        {"well": "%(path)s", "missing": _("missing"), "open": _("%(path)s can be read by others")},
        {
            "missing": _("Run “qunying init”, or put the saved keys.json back."),
            "open": _("Others can read it. Run: chmod 600 %(path)s"),
        },
        needed=True,
    ),
    Check(
        "database",
        _("Database"),
        looks.look_database,
        {
            "well": "%(engine)s",
            "old": _("%(count)s changes of the database are missing"),
            "silent": _("it does not answer"),
        },
        {
            "silent": _("Check QUNYING_DATABASE and that the server is running."),
            "old": _("Stop what runs on it, make a backup, and run “qunying init”."),
        },
        needed=True,
    ),
    Check(
        "disk",
        _("Disk"),
        looks_machine.look_disk,
        dict.fromkeys(("well", "little", "full"), _("%(gb)s GB free (%(percent)s %%)")),
        {
            "little": _("Make room soon: remove old backups, or move the home directory to a larger disk."),
            "full": _("Make room now: less than 1 GB is left, and writing will stop."),
        },
    ),
    Check(
        "files",
        _("Open files"),
        looks_machine.look_files,
        dict.fromkeys(("well", "few"), _("a process may hold %(count)s open")),
        {"few": _("Raise the limit: LimitNOFILE=8192 in the unit of systemd, or “ulimit -n 8192”.")},
    ),
    Check(
        "assets",
        _("Page files"),
        looks_machine.look_assets,
        {"well": _("%(count)s files"), "missing": _("none")},
        {"missing": _("The pages' files were not built. Run “make setup” in the checkout, or install the wheel.")},
    ),
    Check(
        "certificate",
        _("Certificate"),
        looks_machine.look_certificate,
        {
            "well": _("%(host)s: valid for %(days)s more days"),
            "none": _("no public address over HTTPS is set"),
            "ends": _("%(host)s: valid for only %(days)s more days"),
            "invalid": _("%(host)s: browsers refuse it (%(reason)s)"),
            "silent": _("%(host)s does not answer"),
        },
        {
            "ends": _("Renew it: look why the proxy or certbot has not done so."),
            "invalid": _("Renew it, or have the proxy send the whole chain."),
            "silent": _("Look whether the proxy runs and the name leads here (QUNYING_PUBLIC_URL)."),
        },
        slow=True,
    ),
)

_WORK = (
    Check(
        "encryption",
        _("Encryption"),
        looks.look_encryption,
        dict.fromkeys(("well", "left"), _("key %(key)s; %(old)s old ones kept for backups; %(waiting)s values wait")),
        {"left": _("A rotation was broken off. Run “qunying keys rotate” to finish it.")},
        slow=True,
    ),
    Check(
        "size",
        _("Size of the database"),
        looks.look_size,
        dict.fromkeys(("well", "large"), _("%(gb)s GB")),
        {"large": _("SQLite is outgrown. Make a backup and restore it into PostgreSQL (docs/deploy.md).")},
    ),
    Check(
        "accounts",
        _("Accounts on platforms"),
        looks.look_accounts,
        {"well": _("%(count)s in use"), "ill": _("%(ill)s of %(count)s do not work")},
        {"ill": _("Open “Platforms”, look at the account, and do what its steps say.")},
    ),
    Check(
        "loop",
        _("Follower loop"),
        looks.look_loop,
        {"well": _("running"), "none": _("no process moves the followers")},
        {"none": _("Start “qunying serve” or “qunying worker”.")},
    ),
    Check(
        "lag",
        _("Followers"),
        looks.look_lag,
        {
            "well": _("up to date (the oldest fact waits %(seconds)s s)"),
            "late": _("“%(name)s” is %(seconds)s s behind"),
        },
        {"late": _("See the page of followers; on PostgreSQL look for a transaction left open (pg_stat_activity).")},
    ),
    Check(
        "parked",
        _("Parked facts"),
        looks.look_parked,
        {"well": _("none"), "some": "%(count)s"},
        {"some": _("Look at them with “qunying events parked”, mend the cause, then retry them in the console.")},
    ),
    Check(
        "jobs",
        _("Jobs"),
        looks.look_jobs,
        {"well": _("none failed since yesterday"), "some": _("%(count)s failed since yesterday")},
        {"some": _("Open the page of jobs: each failed one says why.")},
    ),
    Check(
        "queue",
        _("Queue"),
        looks.look_queue,
        {
            "well": _("%(count)s waiting"),
            "long": _("%(count)s waiting"),
            "stuck": _("%(count)s jobs have waited for more than an hour"),
            "late": _("%(count)s wait for the workers “%(cluster)s”, the oldest for %(minutes)s minutes"),
        },
        {
            "late": _("Look whether “qunying worker” runs on a machine, and read its log; else run more of them."),
            "long": _("Run another worker on a further machine, or more of them here."),
            "stuck": _("No worker takes them up. Start “qunying worker”, and see its log."),
        },
    ),
    Check(
        "seals",
        _("Seals of the audit"),
        looks.look_seals,
        {
            "well": _("up to date"),
            "late": _("%(count)s acts wait for their seal"),
            "cut": _("the end of the chain is missing"),
        },
        {
            "late": _("The follower loop seals them. Look whether it runs."),
            "cut": _("Run “qunying audit verify” and find out who changed the database."),
        },
    ),
    Check(
        "clock",
        _("Clock"),
        looks.look_clock,
        {"well": _("right"), "off": _("%(seconds)s s off")},
        {"off": _("Have the machines keep time: timedatectl set-ntp true")},
    ),
    Check(
        "backup",
        _("Backup"),
        looks.look_backup,
        {
            "well": _("the last one is %(hours)s hours old"),
            "off": _("none is made by itself"),
            "keyless": _("there is no recovery key to lock it with"),
            "old": _("the last good one is %(hours)s hours old"),
        },
        {
            "off": _("Make a recovery key (qunying recovery-key) and set QUNYING_BACKUP_DIR."),
            "keyless": _("Run “qunying recovery-key” and keep the key away from this machine."),
            "old": _("Open the page of backups: it says why the last one failed."),
        },
    ),
    Check(
        "drill",
        _("Trial of a backup"),
        looks.look_drill,
        {"well": _("tried %(days)s days ago"), "never": _("none was tried in half a year")},
        {
            "never": _(
                "Try one: qunying restore --check FILE --key-file KEY, and now and then a whole restore elsewhere."
            )
        },
    ),
)


def register_shipped() -> None:
    """Add them all: first what the others need."""
    for check in (*_MACHINE, *_WORK):
        register_check(check)
