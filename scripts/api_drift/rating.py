"""What a difference means for users of the wrapper, whose present version meets an API that is as the source says.

`breaking`: calls, or code that uses what they return, may fail or do something else. `additive`: nothing that works
stops working, and there is something more. `cosmetic`: users notice nothing.

`RULES` are the rules, which `scripts/drift --rules` prints. What is used in both requests and answers counts as the
worse of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from attrs import frozen

from .comparison import Difference

__all__ = ["LEVELS", "RULES", "Level", "Rule", "rated", "rules"]

Level = Literal["breaking", "additive", "cosmetic"]
LEVELS: tuple[Level, ...] = ("breaking", "additive", "cosmetic")


@frozen
class Rule:
    """How differences of a kind are rated in requests and in answers, and why."""

    request: Level
    answer: Level
    why: str


def _both(level: Level, why: str) -> Rule:
    return Rule(level, level, why)


RULES: dict[str, Rule] = {
    # Operations
    "operation-added": _both("additive", "the wrapper has no method for it yet"),
    "operation-removed": _both("breaking", "calls of its method fail"),
    "operation-renamed": _both("cosmetic", "requests do not hold the name"),
    "path-changed": _both("breaking", "the wrapper calls the old path"),
    "method-changed": _both("breaking", "the wrapper sends the old method"),
    "server-changed": _both("breaking", "the wrapper calls the old host"),
    "area-changed": _both("cosmetic", "only the documentation is arranged by area"),
    "deprecated": _both("cosmetic", "it works until it is removed"),
    "no-longer-deprecated": _both("cosmetic", "it works as before"),
    "security-added": _both("additive", "the present ways to authenticate remain"),
    "security-removed": _both("breaking", "users who authenticate this way are refused"),
    "site-added": _both("additive", "users of that site can be served"),
    "site-removed": _both("breaking", "users of that site may not be served"),
    # Parameters and request bodies
    "parameter-added": _both("additive", "calls without it mean what they meant"),
    "parameter-added-required": _both("breaking", "calls do not send it, and are refused"),
    "parameter-removed": _both("breaking", "what calls ask for with it is ignored or refused"),
    "parameter-moved": _both("breaking", "calls send it where it is no longer looked for"),
    "path-parameter-renamed": _both("cosmetic", "requests hold the value, not the name"),
    "body-added": _both("additive", "calls without it mean what they meant"),
    "body-added-required": _both("breaking", "calls do not send it, and are refused"),
    "body-removed": _both("breaking", "what calls send is ignored or refused"),
    # Answers
    "status-added": _both("additive", "the wrapper accepts every status of a whole answer"),
    "status-removed": _both("breaking", "what it said is no longer said, or otherwise"),
    "error-status-added": _both("additive", "every error status is an error of the wrapper, listed or not"),
    "error-status-removed": _both("cosmetic", "every error status is an error of the wrapper, listed or not"),
    "answer-body-added": _both("additive", "the wrapper does not read it yet"),
    "answer-body-removed": _both("breaking", "what the wrapper returns was in it"),
    "media-type-added": _both("additive", "the present types remain"),
    "media-type-removed": _both("breaking", "the wrapper sends or reads this type"),
    # Properties
    "property-added": _both("additive", "calls need not send it; models keep it in `extra`"),
    "property-added-required": Rule(
        "breaking", "additive", "calls do not send it, and are refused; models keep it in `extra`"
    ),
    "property-removed": _both("breaking", "what calls send is ignored or refused; attributes of models are None"),
    "became-required": Rule("breaking", "additive", "calls may leave it out; answers promise more"),
    "became-optional": Rule("additive", "breaking", "calls may still send it; code that reads it may find nothing"),
    "became-read-only": Rule("breaking", "cosmetic", "calls that send it are refused, or it is ignored"),
    "became-writable": Rule("additive", "cosmetic", "calls may send it"),
    "became-write-only": Rule("cosmetic", "breaking", "calls may still send it; answers no longer have it"),
    "became-open": Rule("additive", "cosmetic", "calls may pass further fields; models keep them as before"),
    "became-closed": Rule("breaking", "cosmetic", "calls that pass further fields are refused"),
    # Values
    "type-changed": _both("breaking", "values of the present type are refused, or no longer come"),
    "type-widened": Rule("additive", "breaking", "present values are still accepted; others come, too"),
    "type-narrowed": Rule("breaking", "additive", "some present values are refused; all that come are known"),
    "time-stated": Rule("breaking", "additive", "other texts are refused; all that come can be read"),
    "time-dropped": Rule("additive", "breaking", "times are still accepted; what comes may be no time"),
    "time-changed": _both("breaking", "times in the present form are refused, or no longer come"),
    "integer-wider": Rule("additive", "additive", "integers of Python have any size"),
    "integer-narrower": Rule("breaking", "additive", "large values are refused; all that come can be read"),
    "format-stated": Rule("breaking", "cosmetic", "texts of another form are refused; models have a text as before"),
    "format-dropped": Rule("additive", "cosmetic", "other texts are accepted, too; models have a text as before"),
    "format-changed": Rule(
        "breaking", "cosmetic", "texts in the present form are refused; models have a text as before"
    ),
    "value-added": _both("additive", "calls may send it; models keep unknown values as text"),
    "value-removed": _both("breaking", "calls that send it are refused; code that waits for it waits forever"),
    "values-limited": Rule("breaking", "additive", "other values are refused; all that come are known"),
    "values-unlimited": _both("additive", "calls may send others; models keep unknown values as text"),
    "default-stated": _both("cosmetic", "calls without a value mean what they meant; now it is documented"),
    "default-changed": Rule("breaking", "cosmetic", "calls without a value mean something else"),
    "null-allowed": _both("additive", "calls may send null; models treat null as absent"),
    "null-allowed-required": Rule("additive", "breaking", "calls may send null; models need a value"),
    "null-forbidden": Rule("breaking", "additive", "calls that send null are refused; answers promise more"),
    "bound-tightened": Rule(
        "breaking", "cosmetic", "some present values are refused; the wrapper checks none that come"
    ),
    "bound-loosened": Rule("additive", "cosmetic", "more values are accepted; the wrapper checks none that come"),
    # Names
    "schema-renamed": _both("cosmetic", "requests and answers do not hold the names of schemas"),
}


def rated(difference: Difference) -> tuple[Level, str]:
    """The level of a difference, and the rule's reason."""
    rule = RULES[difference.kind]
    levels = [rule.request] if "request" in difference.directions else []
    if "answer" in difference.directions or not levels:
        levels.append(rule.answer)
    return min(levels, key=LEVELS.index), rule.why


def rules() -> Iterator[str]:
    """The rules as a table in Markdown."""
    yield "| difference | in requests | in answers | because |"
    yield "|---|---|---|---|"
    for kind, rule in RULES.items():
        yield f"| {kind} | {rule.request} | {rule.answer} | {rule.why} |"
