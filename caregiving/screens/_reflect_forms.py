"""The questions of each kind of text, and the words around them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from caregiving.reflections import Kind
from caregiving.words import _

How = Literal["words", "line", "level", "choice", "feeling", "day", "moment"]


@dataclass(frozen=True)
class Ask:
    """One question. `apart`: it waits folded away. `beside`: it stands to the right of the one before."""

    name: str
    label: str
    how: How = "words"
    hint: str = ""
    needed: bool = False
    apart: bool = False
    beside: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    longest: int = 2_000


@dataclass(frozen=True)
class Form:
    """All questions of one kind. `read_first`: what is there already matters more than adding to it."""

    kind: Kind
    name: str
    asks: tuple[Ask, ...]
    missing: str
    nothing_yet: str
    may_share: bool = False
    shared_first: bool = False
    read_first: bool = False
    intro: str = ""


def forms(part: str) -> dict[str, Form]:
    """Return the forms of a part of the page, by kind."""
    parts = {
        "journal": (_journal,),
        "hard": (_stress, _trigger, _coping_plan),
        "good": (_gratitude, _small_win, _affirmation),
        "goals": (_goal,),
        "us": (_boundary, _ritual),
        "support": (_contact,),
    }
    return {form.kind: form for form in (make() for make in parts.get(part, ()))}


def part_of(kind: str) -> str:
    """Return the part of the page on which a kind of text stands.

    >>> part_of("ritual")
    'us'
    """
    parts = ("journal", "hard", "good", "goals", "us", "support")
    return next(part for part in parts if kind in forms(part))


def _journal() -> Form:
    return Form(
        "journal",
        _("Journal"),
        (
            Ask(
                "text",
                _("What stays with you?"),
                hint=_("A sentence is enough."),
                needed=True,
                longest=50_000,
            ),
            Ask("about_moment", _("About a logged moment of these days"), "moment", apart=True),
        ),
        missing=_("Write a few words first."),
        nothing_yet=_("What you write gathers here, for you to come back to."),
    )


def _stress() -> Form:
    return Form(
        "stress",
        _("A tense moment"),
        (
            Ask(
                "before",
                _("How tense was it, from 0 (calm) to 10 (the most you can imagine)?"),
                "level",
                needed=True,
            ),
            Ask("after", _("And afterwards? You can add this later."), "level"),
            Ask("what_helped", _("What helped, if anything?")),
        ),
        missing=_("Choose the first number."),
        nothing_yet=_("Two taps are enough: how tense it was, and how it was afterwards."),
    )


def _trigger() -> Form:
    return Form(
        "trigger",
        _("What sets it off"),
        (
            Ask(
                "situation",
                _("What happened just before it got hard?"),
                hint=_("For example: the third waking, and nobody else at home."),
                needed=True,
            ),
            Ask("body_sign", _("Where did you feel it in your body?"), apart=True),
            Ask("urge", _("What did you feel like doing?"), apart=True),
            Ask("helped", _("What helped, even a little?"), apart=True),
        ),
        missing=_("Write a few words about what happened."),
        nothing_yet=_("Knowing what comes before a hard moment makes it easier to see the next one coming."),
    )


def _coping_plan() -> Form:
    return Form(
        "coping_plan",
        _("My plan for it"),
        (
            Ask("when", _("When ..."), hint=_("the crying goes on and I feel my jaw tighten"), needed=True),
            Ask(
                "then",
                _("then I ..."),
                hint=_("lay her down safely, step out, and breathe ten times"),
                needed=True,
            ),
            Ask("revisit_on", _("Look at it again on"), "day", apart=True),
        ),
        missing=_("A plan has two halves: when, and then."),
        nothing_yet=_("A plan made in a calm hour is easier to follow in a hard one. One is enough."),
        may_share=True,
        read_first=True,
    )


def _gratitude() -> Form:
    return Form(
        "gratitude",
        _("Something good"),
        (Ask("text", _("What was good, however small?"), needed=True),),
        missing=_("Write a few words first."),
        nothing_yet=_("Good moments pass quickly. The ones you write down stay here."),
        may_share=True,
    )


def _small_win() -> Form:
    return Form(
        "small_win",
        _("A small win"),
        (Ask("text", _("What went a little better than before?"), needed=True),),
        missing=_("Write a few words first."),
        nothing_yet=_("A warm cup of tea counts. So does asking for help."),
        may_share=True,
    )


def _affirmation() -> Form:
    return Form(
        "affirmation",
        _("Words that steady me"),
        (
            Ask(
                "text",
                _("A sentence you would like to read in a hard hour"),
                hint=_("For example: This is hard, and it will pass."),
                needed=True,
            ),
        ),
        missing=_("Write a few words first."),
        nothing_yet=_("What would a good friend say to you at four in the morning?"),
        read_first=True,
    )


def _goal() -> Form:
    steps = [
        (
            Ask(
                f"step_{n}",
                (_("A first step"), _("A second step"), _("A third step"))[n - 1],
                "line",
                needed=n == 1,
                apart=n > 1,
                longest=200,
            ),
            Ask(f"by_{n}", _("until"), "day", apart=n > 1, beside=True),
        )
        for n in (1, 2, 3)
    ]
    return Form(
        "goal",
        _("Goal"),
        (
            Ask("title", _("What would you like to try?"), "line", needed=True, longest=200),
            *(ask for step in steps for ask in step),
            Ask("revisit_on", _("Look at it again on"), "day", apart=True),
        ),
        missing=_("Give it a name and one step. One small step is plenty."),
        nothing_yet=_("One small thing you would like to try, with one small step, is enough to begin."),
        may_share=True,
        read_first=True,
    )


def _boundary() -> Form:
    feelings = (
        _("tired"),
        _("alone"),
        _("worried"),
        _("overwhelmed"),
        _("sad"),
        _("tense"),
        _("grateful"),
        _("relieved"),
    )
    return Form(
        "boundary",
        _("What I need"),
        (
            Ask("when", _("When ..."), "line", hint=_("you come home later than we said")),
            Ask("i_feel", _("I feel ..."), "feeling", choices={one: one for one in feelings}),
            Ask("i_need", _("I need ..."), "line", hint=_("a message by six o'clock")),
            Ask("text", _("Or a boundary, in your own words"), apart=True),
            Ask("revisit_on", _("Look at it again on"), "day", apart=True),
        ),
        missing=_("Say what you need, or write a boundary in your own words."),
        nothing_yet=_("What is said of oneself is easier to hear than what is said of the other."),
        may_share=True,
        read_first=True,
        intro=_(
            "A sentence that begins with oneself: what happened, what it does to you, what you need. "
            "It can stay with you until you want to say it."
        ),
    )


def _ritual() -> Form:
    often = {
        "daily": _("every day"),
        "weekly": _("every week"),
        "fortnightly": _("every two weeks"),
        "monthly": _("every month"),
    }
    return Form(
        "ritual",
        _("Time for each other"),
        (
            Ask(
                "what",
                _("What would you like to do regularly?"),
                "line",
                hint=_("For example: tea together, and each tells how the week was."),
                needed=True,
                longest=200,
            ),
            Ask("how_often", _("How often?"), "choice", choices=often, needed=True),
            Ask("when", _("When?"), "line", hint=_("Sunday, after bedtime"), longest=200),
            Ask("revisit_on", _("Look at it again on"), "day", apart=True),
        ),
        missing=_("Write what it is, and choose how often."),
        nothing_yet=_("A quarter of an hour that comes back every week is a place where things can be said."),
        may_share=True,
        read_first=True,
    )


def _contact() -> Form:
    return Form(
        "contact",
        _("Support"),
        (
            Ask(
                "who",
                _("Who?"),
                "line",
                hint=_("A friend, a relative, a midwife, a doctor"),
                needed=True,
                longest=200,
            ),
            Ask("what_for", _("What for?"), "line", hint=_("An hour of sleep, a talk, advice")),
            Ask(
                "how_to_reach",
                _("How do you reach them?"),
                "line",
                hint=_("A telephone number, or two doors down"),
            ),
        ),
        missing=_("Write who it is."),
        nothing_yet=_(
            "Nobody is listed yet. One name is a good beginning: somebody you could call at a hard hour."
        ),
        may_share=True,
        shared_first=True,
        read_first=True,
    )
