"""Who is signed in, on an office's server; on one computer nobody is."""

import streamlit as st

from coverage.faces.dashboard.office.server import person_of
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Message
from coverage.places.people import LOGIN, People, people
from coverage.places.roles import NotAllowedError, Person


def person() -> Person | None:
    """Tell who is signed in; None where nobody has to be.

    Raises
    ------
    NotAllowedError
        If nobody is, or who is has no access.
    InputError
        If the file of roles cannot be used.
    """
    known = people()
    if known is None:
        return None
    if known.sign_in == LOGIN:
        return _logged_in(known)
    headers = st.context.headers
    return person_of(known, [(name, value) for name in set(headers) for value in headers.get_all(name)])


def _logged_in(known: People) -> Person:
    """Tell whom Streamlit's login found; an address that its provider does not vouch for could be anybody's."""
    user = st.user.to_dict()
    account = str(user.get("email") or "")
    if not user.get("is_logged_in") or not account:
        raise NotAllowedError(Message.of("roles.not_signed_in"))
    if user.get("email_verified") is False:
        raise NotAllowedError(Message.of("roles.not_verified", account=account))
    return known.person(account)


def by_login() -> bool:
    """Tell whether people sign in by Streamlit's own login; a proxy has its own ways in and out."""
    try:
        known = people()
    except PlannerError:
        return False
    return known is not None and known.sign_in == LOGIN
