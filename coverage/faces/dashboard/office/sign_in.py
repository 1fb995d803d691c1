"""The way in and out of an office's server; on one computer nobody signs in and nothing of this is seen."""

import streamlit as st
from streamlit.errors import StreamlitAuthError

from coverage.faces.dashboard.office.signed_in import by_login, person
from coverage.faces.dashboard.shell.frame import plain
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Language, say
from coverage.places import roles
from coverage.places.roles import Person, Role


def gate(lang: Language) -> Person | None:
    """Let in who is signed in; others see how to sign in, or why they have no access, and nothing else.

    Returns
    -------
    Person or None
        Who is signed in; None where nobody has to be.
    """
    try:
        one = person()
    except PlannerError as error:
        _turn_away(error, lang)
        st.stop()
    return one


def badge(one: Person | None, lang: Language) -> None:
    """Say in the sidebar who is signed in, with a way out."""
    if one is None:
        return
    # A joiner that is not seen: Streamlit would make a link to write an e-mail of the address.
    account = one.account.replace("@", "\N{WORD JOINER}@")
    said = say("roles.signed_in_as", lang, account=account, role=roles.named(one.role).text(lang))
    with st.sidebar:
        st.caption(plain(said))
        if by_login():
            _sign_out(lang)


def allowed(least: Role, lang: Language) -> bool:
    """Tell whether who is signed in may change this part of a page; if not, say who may.

    The workspace refuses the change all the same; this only spares people a form that they cannot send.
    """
    if roles.allows(least):
        return True
    one = roles.who()
    role = roles.named(one.role).text(lang) if one else "-"
    st.caption(plain(say("roles.only_for", lang, needed=roles.from_on(least).text(lang), role=role)))
    return False


def _turn_away(error: PlannerError, lang: Language) -> None:
    st.title(say("roles.welcome", lang), anchor=False)
    if by_login() and not st.user.get("is_logged_in"):
        _sign_in(lang)
        return
    st.error(plain(error.text(lang)))
    if by_login():
        _sign_out(lang)


def _sign_in(lang: Language) -> None:
    st.markdown(plain(say("roles.sign_in_about", lang)))
    if st.button(say("roles.sign_in", lang), type="primary", key="sign-in"):
        try:
            st.login()
        except StreamlitAuthError:
            st.error(plain(say("roles.no_login", lang)))


def _sign_out(lang: Language) -> None:
    if st.button(say("roles.sign_out", lang), key="sign-out"):
        st.logout()
