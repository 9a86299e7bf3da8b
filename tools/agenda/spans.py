"""Arithmetic of time spans `[start, end)`: merge, intersect, subtract; everything in one pass over sorted lists."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of time, end exclusive; both ends in UTC, so that comparing them compares instants."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def touches(self, other: Span) -> bool:
        """They share more than a border."""
        return self.start < other.end and other.start < self.end

    def within(self, other: Span) -> Span:
        """The part inside `other`; empty or turned round when there is none."""
        return Span(max(self.start, other.start), min(self.end, other.end))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as disjoint spans in order; touching ones are joined, empty ones dropped."""
    found: list[Span] = []
    for span in sorted(span for span in spans if span.start < span.end):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """The time in both; each list must be disjoint and in order."""
    found: list[Span] = []
    i = j = 0
    while i < len(first) and j < len(second):
        shared = first[i].within(second[j])
        if shared.start < shared.end:
            found.append(shared)
        if first[i].end < second[j].end:
            i += 1
        else:
            j += 1
    return found


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """The time of `spans` outside `taken`; each list must be disjoint and in order."""
    found: list[Span] = []
    j = 0
    for span in spans:
        while j < len(taken) and taken[j].end <= span.start:
            j += 1
        start, k = span.start, j
        while k < len(taken) and taken[k].start < span.end:
            if start < taken[k].start:
                found.append(Span(start, taken[k].start))
            start = max(start, taken[k].end)
            k += 1
        if start < span.end:
            found.append(Span(start, span.end))
    return found


def time_in(span: Span, spans: Iterable[Span]) -> timedelta:
    """How much of `span` lies in `spans`, which must be disjoint."""
    shared = (span.within(other) for other in spans)
    return sum((part.length for part in shared if part.start < part.end), timedelta())


class Timeline:
    """Disjoint spans in order, of which those near a time are found in log n."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._ends = [span.end for span in spans]

    def at(self, span: Span) -> Iterator[Span]:
        """Those that share more than a border with `span`, in order."""
        for index in range(bisect_right(self._ends, span.start), len(self._spans)):
            if self._spans[index].start >= span.end:
                return
            yield self._spans[index]

    def time_in(self, span: Span) -> timedelta:
        """How much of `span` lies in them."""
        return time_in(span, self.at(span))
