"""The weekly check-in: how the week was, two more questions on request, and what follows from the answers."""

from datetime import UTC, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st
from babel.dates import format_date

from caregiving import safety
from caregiving.instruments import load_rating
from caregiving.ratings import Rating
from caregiving.screens import _fresh, _need_a_moment, _questions, _turns
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.sources import source
from caregiving.store import ratings
from caregiving.words import _, language

FORM = "check_in"
WEEK, EVEN, TWO = "weekly_check_in", "consistency_self_report", "phq2"
EVERY_DAYS = 7
COUNTS_DAYS = 14  # the two questions ask about the last two weeks; older answers say nothing about now


def show(shell: Shell) -> None:
    last, mood = _last_check_in(shell), _newest(shell, TWO)
    st.subheader(_("How was your week?"))
    st.html(f'<p class="cg-quiet">{escape(_when(shell, last))}</p>')
    with st.container():  # always there, so that a sentence that goes away moves nothing and folds nothing up
        for sentence in _turns.told("check_in_trouble", []):
            st.warning(sentence)
        if done := _turns.told("check_in_done"):
            st.success(done)
    due = last is None or _age(shell, last) >= timedelta(days=EVERY_DAYS)
    answered = mood if mood is not None and _age(shell, mood) < timedelta(days=COUNTS_DAYS) else None
    if due:
        _form(shell)
    elif last is not None:
        _after_the_week(shell, last, with_calls=answered is None)
        _two_questions(shell, last, mood)
    if answered is not None:
        _after_the_two(shell, answered)
    if last is not None:
        _last_time(shell, last)
    if not due:
        with st.expander(_("Fill in another one now")):
            _form(shell)


def opened(shell: Shell) -> frozenset[str]:
    """Return the patterns of guidance that this person's own newest answers of the last 14 days open.

    Of high_stress, low_support, phq2_2 and phq2_3; the cuts stand with their sources in the instruments.
    """
    if not shell.at_home:
        return frozenset()
    newest = [one for name in (WEEK, TWO) if (one := _newest(shell, name)) is not None]
    fresh = [one for one in newest if _age(shell, one) < timedelta(days=COUNTS_DAYS)]
    return frozenset(pattern for one in fresh for pattern in load_rating(one.instrument).opened(one.answers))


def _last_check_in(shell: Shell) -> Rating | None:
    """Return the newest of what a check-in keeps; of two kept together the one about the week."""
    kept = [one for name in (WEEK, EVEN) if (one := _newest(shell, name)) is not None]
    return max(kept, key=lambda one: one.at_ms, default=None)


def _together(shell: Shell, last: Rating) -> list[Rating]:
    """Return everything that was kept in the same moment."""
    found = ratings.read(shell.store, shell.viewer, shell.family)
    kept = [one for one in found if one.author == shell.viewer.member and one.at_ms == last.at_ms]
    return sorted(kept, key=lambda one: one.instrument != last.instrument)


def _newest(shell: Shell, instrument: str) -> Rating | None:
    """Return this person's own newest rating of that kind."""
    found = ratings.read(shell.store, shell.viewer, shell.family, instrument=instrument)
    return next((one for one in found if one.author == shell.viewer.member), None)


def _age(shell: Shell, one: Rating) -> timedelta:
    return shell.now - datetime.fromtimestamp(one.at_ms / 1000, UTC)


def _day(shell: Shell, one: Rating, later_days: int = 0) -> str:
    local = datetime.fromtimestamp(one.at_ms / 1000, ZoneInfo(shell.zone)) + timedelta(days=later_days)
    return format_date(local.date(), "EEEE, d MMMM", locale=language())


def _when(shell: Shell, last: Rating | None) -> str:
    if last is None:
        return _("A few taps about you, once a week if you like. Every question can be left out.")
    told = _("Your last check-in was on {day}.").format(day=_day(shell, last))
    if _age(shell, last) >= timedelta(days=EVERY_DAYS):
        return f"{told} {_('Another one fits whenever it suits you.')}"
    after = _("The next one fits from {day}, whenever it suits you.").format(
        day=_day(shell, last, EVERY_DAYS)
    )
    return f"{told} {after}"


def _form(shell: Shell) -> None:
    week, even = load_rating(WEEK), load_rating(EVEN)
    _questions.ask(shell, week)
    with st.expander(_(even.description)):
        _questions.ask(shell, even)
    st.toggle(_("Let those who may see our patterns see these answers"), key=_shared_key())
    st.button(
        _("Keep this check-in"), key="check_in_save", on_click=once(_save), args=[shell], width="stretch"
    )
    private = _("Without the switch above only you can see it. What you tap is kept until you are done.")
    st.html(f'<p class="cg-quiet">{escape(private)}</p>')


def _save(shell: Shell) -> None:
    """Store the check-in and the four questions on the week's evenness, as two ratings."""
    shared = bool(st.session_state.get(_shared_key(), False))
    trouble = _questions.save(
        shell, load_rating(WEEK), load_rating(EVEN), shared=shared, child=shell.child.id
    )
    st.session_state["check_in_trouble"] = trouble
    if not trouble:
        _fresh.empty(FORM)  # the switch is off again: each check-in is shared on purpose or not at all
        st.session_state["check_in_done"] = _("Kept. Thank you for taking the time.")


def _shared_key() -> str:
    return f"{_fresh.start(FORM)}_shared"


def _after_the_week(shell: Shell, last: Rating, *, with_calls: bool) -> None:
    """Answer a heavy week with something to hold on to, and no figure; whom to call stands only once."""
    found = load_rating(last.instrument).opened(last.answers)
    lines = []
    if "high_stress" in found:
        heavy = _("That sounds heavy. It is all right to put {alias} down safely and breathe.")
        lines.append(heavy.format(alias=shell.child.alias))
    if "low_support" in found:
        lines.append(_("Nobody can carry this alone. One message to one person is a good beginning."))
    if lines:
        said = "".join(f"<p>{escape(line)}</p>" for line in lines)
        _card(f"{said}{_need_a_moment.calls(shell) if with_calls else ''}")


def _two_questions(shell: Shell, last: Rating, mood: Rating | None) -> None:
    """Offer the two questions after a check-in, folded, to be passed by without a word."""
    if mood is not None and mood.at_ms >= last.at_ms:
        return
    with st.expander(_("Two more questions about you, only for you")):
        private = _("These two are never shared, whatever you switch on elsewhere.")
        st.html(f'<p class="cg-quiet">{escape(private)}</p>')
        _questions.ask(shell, load_rating(TWO))
        st.button(
            _("Keep these two"),
            key="two_questions_save",
            on_click=once(_save_two),
            args=[shell],
            width="stretch",
        )


def _save_two(shell: Shell) -> None:
    st.session_state["check_in_trouble"] = _questions.save(shell, load_rating(TWO))


def _after_the_two(shell: Shell, mood: Rating) -> None:
    """Say what follows from the two questions: whom to turn to, and never that all is well."""
    found = load_rating(mood.instrument).opened(mood.answers)
    said = "".join(f"<p>{escape(line)}</p>" for line in safety.mood_words(found))
    said += _need_a_moment.calls(shell)
    card = safety.card_for(found)
    if card is not None:
        said += f"<p>{_need_a_moment.link(card, _('What could help'))}</p>"
    _card(f'{said}<p class="cg-quiet">{escape(safety.no_all_clear())}</p>')
    with st.expander(_("How do we know?")):
        about = _("The two questions are the opening ones of a longer form (PHQ-2). They are no diagnosis.")
        cited = "".join(f"<li>{escape(source(key).citation)}</li>" for key in safety.MOOD_SOURCES)
        st.html(f'<p class="cg-quiet">{escape(about)}</p><ul class="cg-sources">{cited}</ul>')
        label = _("Take these two answers back")
        st.button(label, key="two_questions_void", on_click=once(_questions.take_back), args=[shell, mood])


def _last_time(shell: Shell, last: Rating) -> None:
    """Show what was answered last time, in the words of the form, and let it be taken back."""
    with st.expander(_("What you answered on {day}").format(day=_day(shell, last))):
        rows = "".join(
            f"<tr><th>{escape(_(item.label))}</th><td>{escape(item.said(one.answers[item.code]))}</td></tr>"
            for one in _together(shell, last)
            for item in load_rating(one.instrument).items
            if item.code in one.answers
        )
        st.html(f'<table class="cg-table">{rows}</table>')
        shared = (
            _("Others who may see your patterns can see it.") if last.shared else _("Only you can see it.")
        )
        st.html(f'<p class="cg-quiet">{escape(shared)}</p>')
        label = _("Take this check-in back")
        st.button(label, key="check_in_void", on_click=once(_take_back), args=[shell, last])


def _take_back(shell: Shell, last: Rating) -> None:
    """End a check-in with everything that was kept in the same moment."""
    _questions.take_back(shell, *_together(shell, last))
    st.session_state["check_in_done"] = _("Taken back. It counts nowhere any more.")


def _card(content: str) -> None:
    style = f"<style>{_need_a_moment.STYLE}</style>"
    st.html(f'{style}<div class="cg-card cg-calm" style="margin:8px 0">{content}</div>')
