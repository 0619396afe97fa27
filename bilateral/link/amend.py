"""What people said of which reports belong together, on top of the groups that the machine found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bilateral.link.fit import Group
from bilateral.link.group import MAKERS
from bilateral.model import Correction, Linkable, Member, family

FAR = 10_000  # days: further than any other


def amend(groups: Sequence[Group], corrections: Sequence[Correction]) -> Sequence[Group]:
    """Return *groups* as people want them: united by "merge", parted by "split", the later word on top.

    Reports that are not among those of *groups* are passed over, so a correction about other days changes nothing.
    """
    for one in corrections:
        if one.action in CHANGES and (found := _found(groups, one.members)):
            groups = CHANGES[one.action](groups, one, found)
    return groups


def _found(groups: Sequence[Group], members: Sequence[Member]) -> set[str]:
    """Return the ids of the reports that *members* mean now: the same report, else the nearest of its article."""
    articles: dict[str, list[Linkable]] = defaultdict(list)
    wanted = {m.article_id for m in members}
    for report in (r for group in groups for r in group if r.article_id in wanted):
        articles[report.article_id].append(report)
    there = {r.report_id for told in articles.values() for r in told}
    found = {m.report_id for m in members if m.report_id in there}
    for member in sorted((m for m in members if m.report_id not in there), key=lambda m: m.report_id):
        near = [
            r
            for r in articles[member.article_id]
            if r.report_id not in found and family(r.kind) == family(member.kind)
        ]
        found |= {r.report_id for r in sorted(near, key=lambda r: (_days(r, member), r.report_id))[:1]}
    return found


def _days(report: Linkable, member: Member) -> int:
    if report.start and member.start:
        return abs((report.start.first - member.start).days)
    return FAR


def _merge(groups: Sequence[Group], said: Correction, found: set[str]) -> Sequence[Group]:
    """Unite the groups of the reports that were found; the event that joined gives up its name."""
    meant = [group for group in groups if any(r.report_id in found for r in group)]
    rest = [group for group in groups if not any(r.report_id in found for r in group)]
    united = [
        replace(r, event_id=said.target) if r.event_id == said.value else r for group in meant for r in group
    ]
    return [*rest, tuple(sorted(united, key=lambda r: r.report_id))]


def _split(groups: Sequence[Group], said: Correction, found: set[str]) -> Sequence[Group]:
    """Take the reports that were found out of their groups; they get the name that was chosen for them."""
    parted: list[Group] = []
    for group in groups:
        leaving = [r for r in group if r.report_id in found]
        staying = [r for r in group if r.report_id not in found]
        if not (_makes(leaving) and _makes(staying)):
            parted.append(group)
            continue
        named = [replace(r, event_id=said.value) if r.event_id in (None, said.target) else r for r in leaving]
        parted += [tuple(staying), tuple(named)]
    return parted


def _makes(reports: Sequence[Linkable]) -> bool:
    """Say whether these reports make an event of their own."""
    return any(r.modality in MAKERS for r in reports)


CHANGES = {"merge": _merge, "split": _split}
