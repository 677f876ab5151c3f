"""Themes, entries with their versions, what people say of them, and what members send in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from qunying.kit.saying import say


class Form(models.TextChoices):
    """What kind of thing goes out."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    LIVE = "live"
    H5 = "h5"


class Theme(models.Model):
    """What a community talks about, and how much of it: `share` of the month's entries in per cent, None: no matter."""

    NAME_LENGTH = 40

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    name_en = models.CharField(max_length=NAME_LENGTH, blank=True, default="")
    share = models.PositiveSmallIntegerField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint("community", Lower("name"), name="theme_once_per_community"),
            models.CheckConstraint(condition=Q(share__isnull=True) | Q(share__lte=100), name="theme_share_is_a_share"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return say({"zh": self.name, "en": self.name_en})


class Cadence(models.Model):
    """A rule by which topics come onto the plan again and again, such as a piece each week on a Friday at 19:30.

    `every` is a length of time as playbooks write it (7d, 1m), counted from the local day `start`; each day so found
    moves on to the first that keeps `on` (see `schedule.days.RULES`) and `month_day`. `key` is its name in the
    playbook, `application` the number of what applied it. One that has ended makes no more topics.
    """

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True, default="")
    theme = models.ForeignKey(Theme, null=True, on_delete=models.SET_NULL, related_name="+")
    form = models.CharField(max_length=8, choices=Form.choices, default=Form.TEXT)
    every = models.CharField(max_length=12)
    start = models.DateField()
    on = models.CharField(max_length=16, blank=True, default="")
    month_day = models.PositiveSmallIntegerField(null=True)
    time = models.TimeField(null=True)
    owner_role = models.CharField(max_length=32, blank=True, default="")
    application = models.BigIntegerField(null=True)
    filled_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("community", "key"), condition=Q(ended_at__isnull=True), name="cadence_once_while_it_lasts"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Entry(models.Model):
    """One thing to be said in a community, from the topic to the approval.

    `due` is the local day by which it is to be approved; `slot_day` and `slot_time` say when it is to go out,
    local to the community, and `groups` where (none: everywhere). `version` is the number of the newest version,
    0 while it is a topic; `title` and `form` are always that version's. Whether it may go out is told by
    `queries.approved_version`, never by `state` alone. What a cadence made names it and the day it was made for.
    """

    TITLE_LENGTH = 120

    class State(models.TextChoices):
        """How far it has come."""

        TOPIC = "topic"
        DRAFT = "draft"
        FIRST = "first"
        SECOND = "second"
        APPROVED = "approved"
        SENT_BACK = "back"
        DROPPED = "dropped"

    class Source(models.TextChoices):
        """Whose idea and work it is."""

        OWN = "own"
        MEMBER = "member"
        PARTNER = "partner"

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, null=True, on_delete=models.SET_NULL, related_name="entries")
    title = models.CharField(max_length=TITLE_LENGTH)
    form = models.CharField(max_length=8, choices=Form.choices, default=Form.TEXT)
    state = models.CharField(max_length=8, choices=State.choices, default=State.TOPIC)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.OWN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    owner_role = models.CharField(max_length=32, blank=True, default="")
    due = models.DateField(null=True)
    slot_day = models.DateField(null=True)
    slot_time = models.TimeField(null=True)
    groups = models.ManyToManyField("groups.Group", related_name="+")
    cadence = models.ForeignKey(Cadence, null=True, on_delete=models.SET_NULL, related_name="entries")
    cadence_day = models.DateField(null=True)
    version = models.PositiveIntegerField(default=0)
    note = models.TextField(blank=True, default="")
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("slot_day", "slot_time", "pk")
        constraints = (models.UniqueConstraint(fields=("cadence", "cadence_day"), name="entry_once_per_cadence_day"),)
        indexes = (
            models.Index(fields=("community", "slot_day"), name="entry_by_slot"),
            models.Index(fields=("community", "state"), name="entry_by_state"),
        )

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """What would be shown, as it was at one time; a version never changes, an edit makes the next one.

    `digest` is the hash of everything in it (see `digests.digest_of`). `quotes` name what is taken from others:
    [{"words", "licence"}]. `ai_made` says that a machine has written it or drawn in it. `details` hold what its form
    asks for beside words (`forms.ASKED`); `material` is what of the library it shows, `file` that one's file as it
    was then.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=Entry.TITLE_LENGTH)
    form = models.CharField(max_length=8, choices=Form.choices)
    words = models.TextField(blank=True, default="")
    links = models.JSONField(default=list)
    quotes = models.JSONField(default=list)
    ai_made = models.BooleanField(default=False)
    details = models.JSONField(default=dict)
    material = models.ForeignKey("materials.Material", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_by = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("entry", "number")
        constraints = (models.UniqueConstraint(fields=("entry", "number"), name="version_number_once"),)

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Picture(models.Model):
    """One picture of a version, in its place, with where it is from and by what right it is used.

    `material` is what of the library it was taken from, None for one that was uploaded for this alone.
    """

    LICENCE_LENGTH = 200

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="pictures")
    place = models.PositiveSmallIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200, blank=True, default="")
    licence = models.CharField(max_length=LICENCE_LENGTH, blank=True, default="")
    material = models.ForeignKey("materials.Material", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("version", "place")
        constraints = (models.UniqueConstraint(fields=("version", "place"), name="picture_place_once"),)

    def __str__(self) -> str:
        return self.caption or str(self.file)


class Review(models.Model):
    """One person's verdict on one version: which of the two reviews, the three proofreads, and what was read.

    `digest` is that of the version when it was read: the verdict holds for exactly that.
    """

    class Step(models.TextChoices):
        """Which of the two."""

        FIRST = "first"
        SECOND = "second"

    class Verdict(models.TextChoices):
        """What came of it."""

        PASSED = "passed"
        SENT_BACK = "back"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="reviews")
    step = models.CharField(max_length=6, choices=Step.choices)
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    proofreads = models.JSONField(default=list)
    note = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.version_id} {self.step} {self.verdict}"


class Finding(models.Model):
    """What a check found in a version: where (characters `start` to `end` of the words; None: no one place) and why."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="findings")
    check_name = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    excerpt = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=500)
    severity = models.CharField(max_length=4)

    class Meta:
        ordering = ("severity", "start", "pk")

    def __str__(self) -> str:
        return self.label


class Comment(models.Model):
    """What a colleague says about an entry, beside its reviews; `number` is the version it was said about."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="comments")
    number = models.PositiveIntegerField(default=0)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.words[:40]


class Call(models.Model):
    """A public page by which members send in what they made: of a community, or of one of its themes.

    `code` opens it for whoever has the link; `words` say what is wanted. One that was closed takes nothing more.
    """

    TITLE_LENGTH, WORDS_LENGTH, CODE_LENGTH = 60, 500, 32

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH)
    words = models.CharField(max_length=WORDS_LENGTH, blank=True, default="")
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title


class Submission(models.Model):
    """What a member sent in, by a call's page or by the API (then without a call).

    `name` is how they want to be called beside it. `sealed` is how to reach them, encrypted, empty where they did not
    say; `member` is known only where a program told. `code` opens the page that tells the sender what came of it.
    `consent` names the wording they agreed to. Accepted, it has become an `entry`.
    """

    NAME_LENGTH, CONTACT_LENGTH, CODE_LENGTH, REASON_LENGTH = 40, 100, 32, 500

    class State(models.TextChoices):
        """What came of it."""

        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Taken")
        DECLINED = "declined", _("Declined")

    class Right(models.TextChoices):
        """By what right the sender gives it."""

        OWN = "own", _("I made it myself")
        ALLOWED = "allowed", _("Whoever made it allows me to send it in")

    community = models.ForeignKey("groups.Community", on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, null=True, on_delete=models.SET_NULL, related_name="+")
    call = models.ForeignKey(Call, null=True, on_delete=models.PROTECT, related_name="submissions")
    member = models.ForeignKey("members.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    sealed = models.BinaryField(default=b"")
    words = models.TextField(blank=True, default="")
    right = models.CharField(max_length=8, choices=Right.choices)
    consent = models.CharField(max_length=20)
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    answer = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    entry = models.ForeignKey(Entry, null=True, on_delete=models.SET_NULL, related_name="submissions")
    at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("community", "state"), name="submission_by_state"),)

    def __str__(self) -> str:
        return self.name


class SubmissionPicture(models.Model):
    """A picture that was sent in, drawn anew without what a camera writes beside it."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="pictures")
    place = models.PositiveSmallIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("submission", "place")
        constraints = (models.UniqueConstraint(fields=("submission", "place"), name="submission_picture_once"),)

    def __str__(self) -> str:
        return str(self.file)
