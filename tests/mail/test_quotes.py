"""Quoted mail off, answers between quotes kept, forwards kept: in the forms real programs write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.mail.quotes import part
from tools.text.characters import visible

BELOW = [
    "On Tue, 18 Nov 2025 at 09:12, Ana Moreira <ana@x.example> wrote:\n> old",
    "On Tue, 18 Nov 2025 at 09:12, Ana Moreira\n<ana@x.example> wrote:\n\n> old\n> more",
    "Am 18.11.2025 um 09:12 schrieb Ana Moreira:\n> alt",
    "Am Di., 18. Nov. 2025 um 09:12 Uhr schrieb Ana Moreira <ana@x.example>:\n\nalt, ohne Zeichen",
    "El mar, 18 nov 2025 a las 9:12, Ana Moreira (<ana@x.example>) escribió:\n> viejo",
    "Le mar. 18 nov. 2025 à 09:12, Ana Moreira <ana@x.example> a écrit :\n\n> vieux",
    "Em ter., 18 de nov. de 2025 às 09:12, Ana Moreira <ana@x.example> escreveu:\n\n> velho",
    "2025年11月18日(火) 9:12 Ana Moreira <ana@x.example>:\n> 古い",
    "在 2025年11月18日，09:12，Ana Moreira <ana@x.example> 写道：\n\n> 旧",
    "Il giorno mar 18 nov 2025 alle ore 09:12 Ana <ana@x.example> ha scritto:\n> vecchio",
    "Op di 18 nov 2025 om 09:12 schreef Ana Moreira <ana@x.example>:\n> oud",
    "Den tis 18 nov. 2025 kl 09:12 skrev Ana <ana@x.example>:\n> gammal",
    "-----Original Message-----\nFrom: Ana <ana@x.example>\nSent: Tuesday\nSubject: Old\n\nold",
    "-----Ursprüngliche Nachricht-----\nVon: Ana <ana@x.example>\nGesendet: Dienstag\nBetreff: Alt\n\nalt",
    "________________________________\nFrom: Ana <ana@x.example>\nSent: Tuesday\nTo: Alex\nSubject: Old\n\nold",
    "Von: Ana Moreira <ana@x.example>\nGesendet: Dienstag, 18. November 2025 09:12\nAn: Alex\nBetreff: AW: Alt\n\nalt",
    "De : Ana Moreira <ana@x.example>\nEnvoyé : mardi 18 novembre 2025 09:12\nÀ : Alex\nObjet : RE: Vieux\n\nvieux",
    "De: Ana Moreira <ana@x.example>\nEnviado el: martes, 18 de noviembre\nPara: Alex\nAsunto: RE: Viejo\n\nviejo",
    "发件人: Ana <ana@x.example>\n发送时间: 2025年11月18日\n收件人: Alex\n主题: 旧\n\n旧",
    "> old, without any line above it",
    "> > older\n> old",
]


@pytest.mark.parametrize("below", BELOW)
def test_what_stands_below_is_off(below: str) -> None:
    found = part(f"New words.\nAnd more.\n\n{below}")
    assert found.new == "New words.\nAnd more."
    assert found.quoted
    assert not found.forwarded


def test_answers_between_quotes_are_kept() -> None:
    text = "On 18 Nov 2025 at 9:12, Ana wrote:\n> Shall we go?\n\nYes.\n\n> And when?\n\nAt ten.\n"
    assert part(text).new == "Yes.\n\nAt ten."


def test_an_answer_below_the_quote_is_kept() -> None:
    assert part("Ana <ana@x.example> wrote:\n> Hi\n> there\n\nHello back").new == "Hello back"


NOT_QUOTES = [
    "From: Zurich HB\nTo: Milano Centrale\nDate: 24 November\n\nSeat 41, coach 7.",
    "He wrote: the launch is off.\nI wrote back.",
    "On your remote host you can run:\n\n  telnet localhost\n\nThen see.",
    "I said so on 18 November 2025 at 9:12:\nnobody listened.",
    "To: the whole team\nThank you all.",
    "Costs -- as I wrote -- are fine.",
]


@pytest.mark.parametrize("text", NOT_QUOTES)
def test_what_only_looks_like_a_quote_is_kept(text: str) -> None:
    found = part(text)
    assert found.new == text
    assert not found.quoted


FORWARDS = [
    "---------- Forwarded message ---------\nFrom: Ben <b@x.example>\nDate: Tue\nSubject: Keys\n\nThe code is 5.",
    "Begin forwarded message:\n\n> From: Ben <b@x.example>\n> Subject: Keys\n>\n> The code is 5.",
    "-------- Weitergeleitete Nachricht --------\nBetreff: Keys\nVon: Ben <b@x.example>\n\nThe code is 5.",
    "---------- Mensaje reenviado ----------\nDe: Ben <b@x.example>\nAsunto: Keys\n\nThe code is 5.",
]


@pytest.mark.parametrize("below", FORWARDS)
def test_forwards_keep_their_content(below: str) -> None:
    found = part(f"See this.\n\n{below}", "Fwd: Keys")
    assert found.new == "See this."
    assert found.forwarded.endswith("The code is 5.")
    assert not found.quoted


def test_an_outlook_forward_is_told_by_its_subject() -> None:
    text = "FYI\n\nFrom: Ben <b@x.example>\nSent: Tuesday\nTo: Ana\nSubject: Keys\n\nThe code is 5."
    assert part(text, "WG: Keys").forwarded.endswith("The code is 5.")
    assert part(text, "AW: Keys").forwarded == ""


@given(st.text("aA >:\n-_0159.@<>年wrote,Fromnt", max_size=400))
def test_parting_never_raises_and_adds_nothing(text: str) -> None:
    shown = visible(text)
    found = part(shown, "Re: x")
    assert set(found.new.split()) <= set(shown.replace(">", " ").split()) | set(shown.split())
