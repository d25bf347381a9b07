"""Whose judgements a band rests on: may the person who made them confirm it?"""

from collections.abc import Collection
from dataclasses import replace

from scoring.engine.combine import total
from scoring.engine.facts import GroupFacts
from scoring.engine.policy import Scheme
from scoring.engine.reading import current_judgements, read


def rests_on_own(
    facts: GroupFacts, scheme: Scheme, *, new: Collection[int], own: Collection[int]
) -> bool:
    """Return whether the band rests on judgements of one person alone.

    ``new`` are the ids of the judgements since the band was last decided, ``own`` those
    of them that the person made. It does where all that count are theirs, and where the
    band would be another without theirs.
    """
    keys = set(scheme.attribute_keys())
    counting = {
        one.judgement_id
        for one in current_judgements(facts).values()
        if one.attribute in keys
    }
    mine = counting & set(new) & set(own)
    if not mine:
        return False
    if mine == counting & set(new):
        return True
    others = tuple(one for one in facts.judgements if one.judgement_id not in mine)
    without = replace(facts, judgements=others)
    return _band(without, scheme) != _band(facts, scheme)


def _band(facts: GroupFacts, scheme: Scheme) -> str | None:
    return total(read(facts, scheme), scheme).band
