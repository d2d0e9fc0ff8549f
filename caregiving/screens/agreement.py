"""Agreement: sessions that two observers coded, what each had, and whether figures may rest on them."""

import streamlit as st

from caregiving.charts.two_records import Records, two_records, two_records_table, two_records_told
from caregiving.coded.looks import Cast
from caregiving.people import Action, Role, require
from caregiving.screens import _agreement_words as words
from caregiving.screens._agreement_beside import nothing_yet, quiet, show_waiting
from caregiving.screens._agreement_how import how, kappa_table
from caregiving.screens._agreement_months import show_months
from caregiving.screens._agreement_steps import chosen_step, show_steps, view_of
from caregiving.screens._choice import choose
from caregiving.screens._coded_twice import coded_twice, standings
from caregiving.screens._figure import block, show_table
from caregiving.screens._shell import Shell
from caregiving.store.whole_family import authors
from caregiving.twice.compare import Compared
from caregiving.twice.found import CodedTwice
from caregiving.words import _

TITLE, ICON, ORDER = "Agreement", ":material/compare_arrows:", 52
ROLES = {Role.HOME_VISITOR}
ACTION = Action.SEE_PATTERNS
CHOICE = "choice_pair"


def show(shell: Shell) -> None:
    require(shell.viewer, ACTION, shell.family)
    found = coded_twice(shell)
    known = authors(shell.store, shell.viewer, shell.family) if shell.may(Action.SEE_PEOPLE) else {}
    names = words.Names({**known, str(shell.viewer.member): shell.viewer.alias})
    if not found.compared:
        nothing_yet(shell.child.alias)
        show_waiting(shell, found, names)
        show_months(shell)
        return
    heading = st.container()
    one = _chosen(found, names)
    cast = _cast(shell, one)
    with heading:
        st.title(words.finding(one, names))
        quiet(" ".join([*words.by_person(one, cast), words.missed(one, names)]))
    _timeline(shell, one, names, cast)
    st.subheader(_("What figures may rest on"))
    quiet(words.allowed(standings(shell)[one.twice.first.instrument], cast))
    show_table(kappa_table(one, names, cast))
    show_waiting(shell, found, names)
    show_months(shell)


def _chosen(found: CodedTwice, names: words.Names) -> Compared:
    """Let somebody choose one of the sessions; the choice stands in the address."""
    by_id = {one.twice.second.id: one for one in found.compared}
    if len(by_id) == 1:
        return found.compared[0]
    if st.session_state.get(CHOICE) not in by_id:
        asked = st.query_params.get("pair", "")
        st.session_state[CHOICE] = asked if asked in by_id else next(iter(by_id))
    chosen: str = st.selectbox(
        _("Which session?"), list(by_id), key=CHOICE, on_change=_keep, filter_mode=None,
        format_func=lambda key: words.pair_name(by_id[key].twice, names),
    )  # fmt: skip
    return by_id[chosen]


def _keep() -> None:
    st.query_params["pair"] = st.session_state[CHOICE]
    st.query_params.pop("step", None)


def _cast(shell: Shell, one: Compared) -> Cast:
    """Return who and what in words."""
    people = shell.caregivers() if shell.may(Action.SEE_PEOPLE) else {}
    there = {str(name) for name in one.together.first["caregiver"].dropna().unique()}
    present = [alias for name, alias in people.items() if name in there]
    grown = present[0] if len(present) == 1 else _("Grown-up")
    labels = {b.code: _(b.label) for b in one.together.instrument.behaviours}
    return Cast({"infant": shell.child.alias, "caregiver": grown}, labels)


def _timeline(shell: Shell, one: Compared, names: words.Names, cast: Cast) -> None:
    """Show both records on one timeline, the whole or around one difference."""
    if not one.actors:
        quiet(_("Neither of the two coded anything in this session."))
        return
    both = one.together
    it = Records(both.first, both.second, both.spans, one.steps, names.of(one.twice))
    actor = choose(_("Whose moments"), "whose", {who: cast.names[who] for who in one.actors}, one.actors[0])
    step = chosen_step(it, actor)
    show_steps(it, actor, step, cast)
    figure = two_records(it, actor, cast, shell.colours, view_of(it, actor, step))
    made = " ".join(words.left_out(one)) + "\n\n" + how()
    block(
        shell, "agreement", "", figure, two_records_told(it, actor, cast), made,
        lambda: two_records_table(it, cast),
    )  # fmt: skip
