"""The pages a browser sees when it comes back: static, nothing loaded from anywhere, every text escaped."""

from __future__ import annotations

from html import escape

from auth.consent import Declined, Linked, Outcome
from auth.need import told

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1c2330}"
    "main{max-width:30em;margin:12vh auto;padding:2em 2.4em;background:#fff;border-radius:12px;"
    "box-shadow:0 1px 4px #0002}h1{font-size:1.3em;margin:0 0 .6em}p{margin:.6em 0}"
    ".quiet{color:#5d6675;font-size:.9em}"
    "@media(prefers-color-scheme:dark){body{background:#14171c;color:#e6e9ee}main{background:#1e232b}}"
)
CLOSE = "You can close this tab and go back to Valet."


def settled(outcome: Outcome, reason: str) -> str:
    """The page of an outcome; `reason` is what was asked for, in plain words."""
    match outcome:
        case Linked(connection=connection, account=account, missing=missing):
            said = [f"The account {account} is linked.", f"Valet may now {reason}."]
            if missing:
                left = ", ".join(sorted(scope.rpartition("/")[2] for scope in missing))
                said[1:] = [f"Not everything was ticked ({left}), so Valet cannot {reason} yet."]
            return page(f"{connection.title()} is linked", *said)
        case Declined(connection=connection, why=why):
            return page(f"{connection.title()} was not linked", f"{why[:1].upper()}{why[1:]}.", "Nothing was kept.")
        case _:
            return page("Nothing was linked", *told(outcome))


def broken() -> str:
    return page("Nothing was linked", "Valet failed over the answer; its own window says how.")


def stranger() -> str:
    return page("Nothing is here", "This address answers no question that Valet has open.", close="")


def over() -> str:
    return page("This request is over", "It is no longer open in Valet, and nothing was linked. Ask there again.")


def answered() -> str:
    return page("Already answered", "This question has been answered; an answer counts once.")


def page(title: str, *paragraphs: str, close: str = CLOSE) -> str:
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    quiet = f'<p class="quiet">{escape(close)}</p>' if close else ""
    head = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    return f"{head}<main><h1>{escape(title)}</h1>{body}{quiet}</main></html>"
