"""Conversations: who says what to whom, in threads that read as if people were there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from qunying.doors.demo import sentences
from qunying.doors.demo.happenings import Happening
from qunying.doors.demo.rhythm import QUIZ_DAY, clock, moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qunying.doors.demo.dice import Dice
    from qunying.doors.demo.people import Person, Stay
    from qunying.doors.demo.rhythm import Mood
    from qunying.doors.demo.sentences import Topic

_SLOT = re.compile(r"\{([a-z]+)(2?)\}")
_WEIGHTED = [(topic, topic.weight) for topic in sentences.TOPICS.values()]
_OFFER_DAYS = (0, 2, 4, 5)
_SAME_THING = 0.75
_FESTIVE = 0.16
_STICKER = 0.06
_PICTURE = 0.45
_SHOP_ANSWERS = 0.4
_THREADS = ((1, 0.30), (2, 0.22), (3, 0.20), (4, 0.14), (5, 0.08), (7, 0.06))


class Room:
    """One group on one day: the people in it, the shop's people, and the dice."""

    def __init__(self, group: str, mood: Mood, staff: Sequence[Person], dice: Dice) -> None:
        """`staff` are the people of the shop who may answer, without the bot."""
        self.group, self.mood, self.staff, self.dice = group, mood, staff, dice
        self.spoken_of: dict[str, str] = {}

    def fill(self, sentence: str, person: Person) -> str:
        """The sentence with its slots filled; `{name}` is the person spoken to."""
        if "{" not in sentence:
            return sentence
        return _SLOT.sub(lambda match: self._word(match[1], match[0], person), sentence)

    def _word(self, slot: str, key: str, person: Person) -> str:
        if slot == "name":
            return person.name
        if slot == "festival":
            return self.mood.festival or "周末"
        if key not in self.spoken_of or not self.dice.chance(_SAME_THING):
            self.spoken_of[key] = self._in_season(sentences.SLOTS[slot])
        return self.spoken_of[key]

    def _in_season(self, words: Sequence[str]) -> str:
        while True:
            word = self.dice.pick(words)
            if self.mood.day.month in sentences.MONTHS.get(word, (self.mood.day.month,)):
                return word

    def say(self, person: Person, at: datetime, sentence: str, topic: str, *, to: Person | None = None) -> Happening:
        """One message of the person; a photograph where somebody shows flowers."""
        is_picture = topic == "show" and sentence in sentences.TOPICS["show"].openers and self.dice.chance(_PICTURE)
        payload = {"form": "image" if is_picture else "text", "topic": topic}
        return Happening("spoke", at, person, self.group, payload=payload, text=self.fill(sentence, to or person))

    def converse(self, voices: list[Person]) -> list[Happening]:
        """One message for every entry of `voices`, grouped in threads over the day."""
        said: list[Happening] = []
        left = self.dice.shuffled(voices)
        while left:
            speakers, left = _take(left, self.dice.weigh(_THREADS))
            start = moment(self.mood.day, self.dice)
            said += self.thread(speakers, self._topic(start.hour), start)
        return said

    def _topic(self, hour: int) -> Topic:
        if self.mood.festival and self.dice.chance(_FESTIVE):
            return sentences.TOPICS["festival"]
        while True:
            topic = self.dice.weigh(_WEIGHTED)
            if topic.hours[0] <= hour < topic.hours[1]:
                return topic

    def thread(self, speakers: Sequence[Person], topic: Topic, start: datetime) -> list[Happening]:
        """The first opens, the others answer within minutes, and now and then the shop does as well."""
        self.spoken_of = {}
        said = [self.say(speakers[0], start, self.dice.pick(topic.openers), topic.name)]
        answers = self.dice.shuffled(topic.replies)
        at = start
        for place, person in enumerate(speakers[1:]):
            at += timedelta(seconds=self.dice.whole(8, 240))
            if self.dice.chance(_STICKER):
                said.append(self._sticker(person, at))
            else:
                said.append(self.say(person, at, answers[place % len(answers)], topic.name, to=speakers[0]))
        if self.staff and self.dice.chance(_SHOP_ANSWERS):
            at += timedelta(seconds=self.dice.whole(20, 900))
            said.append(
                self.say(self.dice.pick(self.staff), at, self.dice.pick(topic.shop), topic.name, to=speakers[0])
            )
        return [each for each in said if each.at.date() == self.mood.day]

    def _sticker(self, person: Person, at: datetime) -> Happening:
        payload = {"form": "sticker", "topic": "chat"}
        return Happening("spoke", at, person, self.group, payload=payload, text=self.dice.pick(sentences.STICKERS))

    def greet(self, newcomer: Stay, welcomers: Sequence[Person]) -> list[Happening]:
        """A newcomer says hello, others welcome them."""
        start = newcomer.joined_at + timedelta(seconds=self.dice.whole(40, 1500))
        others = [self.dice.pick(welcomers) for _ in range(self.dice.whole(0, 2))] if welcomers else []
        return self.thread([newcomer.person, *others], sentences.TOPICS["newcomer"], start)

    def announce(self, bot: Person) -> list[Happening]:
        """What the shop says without being asked: a tip every morning, offers, the weekly quiz."""
        day = self.mood.day
        said = [self.say(bot, clock(day, 8, 0, self.dice), self.dice.pick(sentences.TIPS), "tip")]
        if self.staff and day.weekday() in _OFFER_DAYS:
            at = clock(day, 10, 30, self.dice, within=1800)
            said.append(self.say(self.staff[-1], at, self.dice.pick(sentences.OFFERS), "offer"))
        if self.staff and day.weekday() == QUIZ_DAY:
            said.append(
                self.say(bot, clock(day, 20, 0, self.dice, within=5), self.dice.pick(sentences.QUIZZES), "quiz")
            )
        return said

    def complain(self, person: Person, at: datetime) -> Happening:
        """Something went wrong with an order, and the group hears of it."""
        return self.say(person, at, self.dice.pick(sentences.COMPLAINTS), "complaint")


def _take(left: list[Person], size: int) -> tuple[list[Person], list[Person]]:
    """Up to `size` different people for one thread, and the entries that remain."""
    thread: dict[int, Person] = {}
    rest: list[Person] = []
    for person in left:
        if len(thread) < size and person.number not in thread:
            thread[person.number] = person
        else:
            rest.append(person)
    return list(thread.values()), rest
