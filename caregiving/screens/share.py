"""Share: a page to take along, who may look in, and everything to carry away. Nothing leaves by itself."""

import streamlit as st

from caregiving.people import Action, Role
from caregiving.screens import _share_archive, _share_consents, _share_summary
from caregiving.screens._shell import Shell
from caregiving.words import _

TITLE, ICON, ORDER = "Share", ":material/ios_share:", 70
ROLES = {Role.PARENT}
ACTION = Action.GIVE_CONSENT


def show(shell: Shell) -> None:
    st.title(_("You decide what others see"))
    _share_summary.show(shell)
    _share_consents.show(shell)
    _share_archive.show(shell)
