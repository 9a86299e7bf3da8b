"""The pages of the demo workspace's sign-in: plain HTML that needs no script and loads nothing."""

from collections.abc import Mapping
from html import escape
from typing import Protocol

from app.demo.wire import HTML, Response

_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --mark: #2563eb; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
       font: 16px/1.5 system-ui, sans-serif; background: var(--soft); }
main { width: min(30rem, 100%); padding: 2rem; border: 1px solid var(--line); border-radius: 14px;
       background: Canvas; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .3rem; }
p { margin: 0 0 1.2rem; }
.soft { opacity: .7; font-size: .88rem; overflow-wrap: anywhere; }
fieldset { border: 0; padding: 0; margin: 0 0 1.4rem; }
legend { font-weight: 600; padding: 0; margin-bottom: .4rem; }
label { display: flex; gap: .7rem; align-items: baseline; padding: .55rem .2rem; border-top: 1px solid var(--line); }
label span { overflow-wrap: anywhere; min-width: 0; }
label small { display: block; opacity: .65; font-size: .78rem; }
select { width: 100%; font: inherit; padding: .55rem; border-radius: 8px; }
nav { display: flex; gap: .7rem; justify-content: flex-end; }
button { font: inherit; font-weight: 600; padding: .55rem 1.4rem; border-radius: 999px; border: 1px solid var(--line);
         background: Canvas; color: CanvasText; cursor: pointer; }
button.main { background: var(--mark); border-color: var(--mark); color: #fff; }
"""


class Asked(Protocol):
    """What a page shows of a question."""

    @property
    def service(self) -> str: ...
    @property
    def app(self) -> str: ...
    @property
    def people(self) -> Mapping[str, str]: ...
    @property
    def person(self) -> str: ...
    @property
    def scopes(self) -> Mapping[str, str]: ...
    @property
    def fixed(self) -> frozenset[str]: ...


def asking_page(asked: Asked, action: str, ticket: str) -> Response:
    """The page that asks for a consent; its form goes to `action` with the ticket, the person and the ticked scopes."""
    people = "".join(_option(account, name, account == asked.person) for account, name in asked.people.items())
    boxes = "".join(_box(scope, words, scope in asked.fixed) for scope, words in asked.scopes.items())
    return page(
        f"{asked.app} – {asked.service}",
        f"<p class=soft>{escape(asked.service)} · demo workspace</p>"
        f"<h1>{escape(asked.app)} asks for access to your {escape(asked.service)} account</h1>"
        "<p class=soft>Nothing here leaves this machine.</p>"
        f'<form method=post action="{escape(action)}">'
        f'<input type=hidden name=ticket value="{escape(ticket)}">'
        f"<fieldset><legend>Account</legend><select name=person aria-label=Account>{people}</select></fieldset>"
        f"<fieldset><legend>{escape(asked.app)} may then</legend>{boxes}</fieldset>"
        "<nav><button name=answer value=deny>Deny</button>"
        "<button class=main name=answer value=allow>Allow</button></nav></form>",
    )


def notice_page(text: str, status: int = 400, title: str = "Access blocked") -> Response:
    """A page that only says something."""
    return page(title, f"<h1>{escape(title)}</h1><p>{escape(text)}</p>", status)


def page(title: str, content: str, status: int = 200) -> Response:
    """A whole page; `content` is HTML already."""
    html = (
        '<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><main>{content}</main></html>"
    )
    return Response(status, html.encode(), HTML, _HEADERS)


def _option(account: str, name: str, chosen: bool) -> str:
    shown = f"{name} – {account}" if name and name != account else account
    return f'<option value="{escape(account)}"{" selected" if chosen else ""}>{escape(shown)}</option>'


def _box(scope: str, words: str, fixed: bool) -> str:
    """A scope as a box to tick; one that cannot be unticked is told, and comes with the rest."""
    state = "checked disabled" if fixed else "checked"
    return (
        f'<label><input type=checkbox name=scope value="{escape(scope)}" {state}>'
        f"<span>{escape(words)}<small>{escape(scope)}</small></span></label>"
    )
