"""Who can open the app, and at which address: this computer alone, or others on its network."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import streamlit as st

from cnnviz.core.messages import N_, Sentence
from cnnviz.ui.streamlit_internals import address_at, address_in_network

_ANY = "::"
"""Where Streamlit listens unless told otherwise: on all addresses of this computer."""
_EVERYWHERE = (_ANY, "0.0.0.0")
_PORTS = {"http": 80, "https": 443}
_MOVED = N_(
    "You opened the app at {host}, which is another computer to everybody else. The link and the "
    "QR code therefore hold this computer’s address in its network, {other}."
)
_CLOSED = N_(
    "Only this computer can follow this link: to everybody else {host} is their own computer. To "
    "share the app on your network, start it with “--address 0.0.0.0”."
)
_OTHERWISE = N_(
    "Only this computer can follow this link: to everybody else {host} is their own computer. "
    "Open the app at the address that the others use, and share the link from there."
)


def is_own(host: str) -> bool:
    """Whether a name or address means each reader's own computer, as `localhost` does."""
    host = host.strip("[]").rstrip(".").lower()
    if host in ("localhost", "localhost.localdomain") or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def bracketed(host: str) -> str:
    """Return a host as addresses have it: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def is_open() -> bool:
    """Whether the server listens on more than what only this computer can reach."""
    listens_on = st.get_option("server.address") or _ANY
    return listens_on in _EVERYWHERE or not is_own(listens_on)


def others_host() -> str | None:
    """Return the host by which others reach this server; None where none is known."""
    named = st.get_option("browser.serverAddress")
    if not is_own(named):
        return str(named)
    if not is_open():
        return None
    listens_on = st.get_option("server.address") or _ANY
    host = address_in_network() if is_own(listens_on) else listens_on
    return None if is_own(host) else bracketed(host)


def for_others(url: str, visitor: str | None) -> tuple[str, Sentence | None]:
    """Return an address that others can follow, where one is known, and what is to be said of it.

    Args:
        url: Address of what is on screen, as the browser has it.
        visitor: Address of the computer that the browser runs on; None is the server's own.

    Returns:
        The address, and None where everybody can follow it as it is.
    """
    parts = urlsplit(url)
    if parts.hostname is None or not is_own(parts.hostname):
        return url, None
    own = bracketed(parts.hostname)
    port = parts.port or _PORTS.get(parts.scheme)
    # Through a proxy, a tunnel or a container, others come in by ways unknown here.
    is_direct = port == st.get_option("server.port") and is_own(visitor or "localhost")
    host = others_host() if is_direct else None
    if host is not None:
        return parts._replace(netloc=f"{host}:{port}").geturl(), Sentence(
            _MOVED, {"host": own, "other": host}
        )
    return url, Sentence(_OTHERWISE if is_open() or not is_direct else _CLOSED, {"host": own})


def welcome() -> str:
    """Return what is told to the person who started the server; in English, like all commands."""
    listens_on = st.get_option("server.address") or _ANY
    others = others_host()
    own = bracketed("localhost" if listens_on in _EVERYWHERE else listens_on)
    lines = [f"cnnviz: {address_at(own)}"]
    if not is_open() and others is None:
        lines.append(
            "Only this computer can open it. For a class on your network: --address 0.0.0.0"
        )
    else:
        if others not in (None, own):
            lines.append(f"For others: {address_at(others)}")
        lines.append("There is no log-in: whoever can reach this address can use the app.")
    return "\n".join(f"  {line}" for line in ("", *lines, ""))
