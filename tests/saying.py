"""What a finding says, with handles as the graph numbers them."""

from __future__ import annotations

from tools.base import Finding, Ref


def naming(finding: Finding) -> dict[str, str]:
    """Handles for the finding's refs, by the service's own id."""
    return {ref.id: f"{ref.kind}:{number}" for number, ref in enumerate(finding.refs(), 1)}


def lead(finding: Finding) -> str:
    names = naming(finding)
    return finding.lead(lambda ref: names[ref.id])


def text(finding: Finding) -> str:
    """The text for the model; a ref that is not among the finding's refs fails, and so does what is no plain data."""
    names = naming(finding)

    def name(ref: Ref) -> str:
        return names[ref.id]

    assert finding.view(name)
    assert type(finding).model_validate(finding.model_dump()) == finding
    assert finding.model_dump_json()
    assert all(line.ref is None or line.ref in finding.refs() for line in finding.lines())
    return finding.text(name)
