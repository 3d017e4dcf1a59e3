"""Counting again what was decided: draws, ballots, dossiers and the words they rest on.

Nothing here is shared with what counted the first time. Standard library alone: this text is pasted into the
bundle's own `verify.py`.
"""

import re
from collections import Counter
from fractions import Fraction
from typing import Any

from deliberate.journal.canonical import digest
from deliberate.publication.findings import Report, UnsoundError
from deliberate.publication.folder import Folder
from sortition.proofs.verify import verify_lottery

WRITTEN_SHARE = re.compile(r"[0-9]{1,9}([/.][0-9]{1,9})?")


def entries_of(entries: list[dict[str, Any]], act: str, kind: str) -> dict[str, dict[str, Any]]:
    """The last entry of an act for each object of a kind, by what follows the colon."""
    found = {}
    for entry in entries:
        thing, _, name = entry["object"].partition(":")
        if entry["act"] == act and thing == kind:
            found[name] = entry
    return found


# Draws


def check_draws(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """Every lottery that was sealed is here, was sealed before its randomness was drawn, and named its panel."""
    sealed = {
        name: entry
        for name, entry in entries_of(entries, "seal", "draw").items()
        if not entry["public"]["rehearsal"]
    }
    revealed = entries_of(entries, "reveal", "draw")
    named = entries_of(entries, "name alternates", "draw")
    _check_once(entries, report)
    for number in sorted(set(revealed) - set(sealed)):
        report.fault(
            f"draws/{number}", "the journal reveals this draw, which it never sealed as one that counts"
        )
    for number in sorted(sealed):
        acts = [sealed[number], revealed.get(number), named.get(number)]
        report.attempt(_check_draw, f"draws/{number}", folder, acts, report)
    if sealed:
        report.say("draws sealed before chance named their panel: %(count)d", count=len(sealed))


def _check_once(entries: list[dict[str, Any]], report: Report) -> None:
    """One lottery per draw, and one reveal per lottery: a second one would be a second chance."""
    done = Counter(
        (entry["act"], entry["object"])
        for entry in entries
        if entry["act"] in ("seal", "reveal", "name alternates") and entry["object"].startswith("draw:")
    )
    for (act, thing), times in sorted(done.items()):
        report.expect(
            times == 1,
            f"draws/{thing.partition(':')[2]}",
            "the journal has %(times)d entries “%(act)s” for this draw",
            times=times,
            act=act,
        )


def _check_draw(where: str, folder: Folder, acts: list[Any], report: Report) -> None:
    """Against its entries: sealed, then revealed, then its alternates named, as far as it has come."""
    sealed, revealed, named_later = acts
    documents = {
        name: folder.load(f"{where}/{name}.json")
        for name in ("lottery", "attributes", "reveal", "alternates")
        if name == "lottery" or f"{where}/{name}.json" in folder.sizes
    }
    for finding in verify_lottery(**documents, commitment=sealed["public"]["commitment"]):
        if finding.outcome == "failed":
            report.fault(where, finding.template, **finding.values)
        elif finding.outcome == "unchecked":
            report.leave(finding.template, **finding.values)
        elif finding.outcome == "withdrawn":
            report.withdrew(finding.template, **finding.values)
    if not revealed:
        return
    public, named = revealed["public"], documents.get("reveal")
    report.expect(
        revealed["number"] > sealed["number"], where, "chance was drawn before the lottery was sealed"
    )
    if named is None:
        raise UnsoundError(where, "the journal says that it was revealed; reveal.json is missing")
    for name in ("commitment", "randomness", "ticket", "people"):
        report.expect(
            named[name] == public[name],
            f"{where}/reveal.json",
            "its %(name)s is not the journal's",
            name=name,
        )
    alternates = documents.get("alternates")
    # Of old, the entry that revealed the panel named the alternates too.
    sealed_alternates = (
        public.get("alternates") if named_later is None else named_later["public"]["commitment"]
    )
    report.expect(
        (alternates and alternates["commitment"]) == sealed_alternates,
        f"{where}/alternates.json",
        "these are not the alternates that the journal sealed",
    )


# Ballots


def check_ballots(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """Every ballot that was closed is here, counts to what it states, and decides what the journal says."""
    closed = entries_of(entries, "close", "ballot")
    for number in sorted(closed):
        report.attempt(_check_ballot, f"ballots/{number}.json", folder, closed[number]["public"], report)
    if closed:
        report.say("%(count)d ballots, counted again under the rule of the protocol", count=len(closed))


def _check_ballot(path: str, folder: Folder, public: dict[str, Any], report: Report) -> None:
    ballot = folder.load(path)
    report.expect(
        digest("ballot", ballot) == public["digest"], path, "it is not the ballot that the journal closed"
    )
    counts, papers = _counted(ballot)
    if counts is None:
        report.leave("%(path)s was secret: only its counts are known", path=path)
        counts = ballot["counts"]
    report.expect(
        counts == ballot["counts"] == public["counts"],
        path,
        "the votes add up to something else than the counts",
    )
    adopted, winner = decided(ballot["rule"], counts, ballot["present"], ballot["seated"], papers)
    for stated in (ballot["result"], public["result"]):
        report.expect(
            (stated["adopted"], stated["winner"]) == (adopted, winner), path, "the rule gives another result"
        )


def _counted(ballot: dict[str, Any]) -> "tuple[dict[str, int] | None, int]":
    """Votes by option, and how many voted; no counts where a secret ballot keeps its papers."""
    keys = [option["key"] for option in ballot["options"]]
    if "votes" in ballot:
        if len({vote["voter"] for vote in ballot["votes"]}) != len(ballot["votes"]):
            raise ValueError("someone voted twice")
        choices = [vote["choice"] for vote in ballot["votes"]]
    elif "papers" in ballot:
        choices = [[choice] for choice in ballot["papers"]]
    else:
        return None, int(ballot["result"]["figures"]["papers"])
    counts = dict.fromkeys(keys, 0)
    for choice in choices:
        for key in set(choice):
            counts[key] += 1
    return counts, len(choices)


def decided(
    rule: dict[str, Any], counts: dict[str, int], present: int, seated: int, papers: int
) -> "tuple[bool, str | None]":
    """What a rule makes of counts: whether it is adopted, and the option chosen where there are several.

    A yes-no ballot needs the share, and more for than against; an approval needs the share and no tie.
    """
    base: dict[str, int] = {"cast": papers, "present": present, "seated": seated}
    quorate = present >= _share_of(rule["quorum"]) * seated
    if rule["method"] == "yes-no":
        base["cast"] = counts["yes"] + counts["no"]
        enough = counts["yes"] >= max(Fraction(1), _share_of(rule["threshold"]) * base[rule["denominator"]])
        return enough and counts["yes"] > counts["no"] and quorate, None
    if rule["method"] != "approval":
        raise ValueError("a method that is not known")
    most = max(counts.values())
    first = [key for key in counts if counts[key] == most]
    enough = most >= max(Fraction(1), _share_of(rule["threshold"]) * base[rule["denominator"]])
    chosen = len(first) == 1 and enough and quorate
    return chosen, first[0] if chosen else None


def _share_of(stated: str) -> Fraction:
    """A share that a rule states. Written with an exponent, a few letters would be a number without end."""
    if not WRITTEN_SHARE.fullmatch(stated.strip()):
        raise ValueError("a share that is no fraction")
    return Fraction(stated)


# Dossiers and words


def check_dossiers(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """Every dossier is the one settled, and rests on contributions that the journal committed to."""
    settled = entries_of(entries, "settle", "dossier")
    committed = {entry["private"] for entry in entries if entry.get("private")}
    for number in sorted(settled):
        report.attempt(
            _check_dossier, f"dossiers/{number}.json", folder, settled[number]["public"], committed, report
        )
    if settled:
        report.say("%(count)d dossiers, as they were settled", count=len(settled))


def _check_dossier(
    path: str, folder: Folder, public: dict[str, Any], committed: "set[str]", report: Report
) -> None:
    dossier = folder.load(path)
    report.expect(
        digest("dossier", dossier) == public["digest"], path, "it is not the dossier that was settled"
    )
    for contribution in dossier["contributions"]:
        report.expect(
            contribution["commitment"] in committed,
            path,
            "contribution %(key)s is not one that the journal committed to",
            key=contribution["key"],
        )
    _check_items(path, dossier, report)
    if f"{path[:-5]}-texts.json" in folder.sizes:
        _check_texts(f"{path[:-5]}-texts.json", folder, dossier, report)


def _check_items(path: str, dossier: dict[str, Any], report: Report) -> None:
    """Every part of a dossier has the digest that stands beside it; those of the first release had none."""
    for name, kind in (("contributions", "contribution"), ("synthesis", "line"), ("statements", "statement")):
        for one in dossier.get(name, []):
            record = {field: one[field] for field in one if field not in ("address", "digest")}
            report.expect(
                "digest" not in one or digest(kind, record) == one["digest"],
                path,
                "%(address)s is not what its digest says",
                address=str(one.get("address")),
            )


def _check_texts(path: str, folder: Folder, dossier: dict[str, Any], report: Report) -> None:
    """The texts beside a dossier are those it was settled on; one that is not there was withdrawn."""
    texts = folder.load(path)
    said = {one["key"]: one["digest"] for one in dossier["lessons"]}
    found = [(key, digest("lesson", text), said.get(key)) for key, text in texts["lessons"].items()]
    for line in dossier["synthesis"]:
        for number, one in enumerate(line.get("validation", {}).get("reviews", []), start=1):
            name = f"{line['key']}/{number}"
            if name in texts["reviews"]:
                found.append((name, digest("review", texts["reviews"][name]), one["words"]))
    for name, made, settled in found:
        report.expect(
            made == settled, path, "the text of %(name)s is not the one that was settled", name=name
        )
    missing = len(said) - len(texts["lessons"])
    if missing:
        report.withdrew("texts of a dossier that were withdrawn since: %(count)d", count=missing)
