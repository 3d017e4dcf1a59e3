"""What an entry of the journal says, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from deliberate.core.errors import N_
from deliberate.inputs.moderating.rules import RULE_NAMES
from deliberate.inputs.synthesis.rules import KIND_NAMES, POSITION_NAMES
from deliberate.process.rules import ROLE_NAMES

Sentence = tuple[str, dict[str, Any]]

# (act, kind of object) → what an entry says. `%(name)s` is what follows the colon in the object.
ENTRIES: dict[tuple[str, str], str] = {
    ("create", "process"): N_("created this process"),
    ("lock", "protocol"): N_("locked the protocol, control code %(digest)s"),
    ("amend", "protocol"): N_("amended the protocol, because: %(reason)s"),
    ("open", "phase"): N_("phase %(name)s opened"),
    ("close", "phase"): N_("phase %(name)s closed"),
    ("appoint", "role"): N_("gave %(person)s the role: %(name)s"),
    ("dismiss", "role"): N_("ended the term of %(person)s in the role: %(name)s"),
    ("remark", "process"): N_("remarked: %(text)s"),
    ("withdraw", "entries"): N_("what was private in entries %(withdrawn)s was withdrawn"),
    ("publish", "process"): N_("published the bundle: %(files)d files, control code %(content)s"),
    # The draw
    ("set quotas", "quotas"): N_("set the quotas"),
    ("change quotas", "quotas"): N_("changed the quotas for the seats left empty, because: %(reason)s"),
    ("register", "registrant"): N_("volunteer %(name)s registered"),
    ("correct", "registrant"): N_("corrected the registration of %(name)s, because: %(reason)s"),
    ("withdraw registration", "registrant"): N_("took volunteer %(name)s out of the list"),
    ("make link", "registrant"): N_("printed a new link to the page of volunteer %(name)s"),
    ("erase", "registrant"): N_("erased what was held about volunteer %(name)s"),
    ("import", "pool"): N_("entered a file of volunteers: %(added)d added, %(changed)d changed"),
    ("join households", "pool"): N_("decided that two addresses nearly alike are one household"),
    ("separate households", "pool"): N_("decided that two addresses nearly alike are two households"),
    ("sign", "pool"): N_("signed the list of volunteers, control code %(digest)s"),
    ("request", "draw"): N_("asked for draw %(name)s, among %(people)d volunteers"),
    ("seal", "draw"): N_("sealed the lottery of draw %(name)s, control code %(commitment)s"),
    ("cancel", "draw"): N_("cancelled draw %(name)s before anything was sealed"),
    ("fail", "draw"): N_("draw %(name)s could not be computed"),
    ("abandon", "draw"): N_("abandoned draw %(name)s, because: %(reason)s"),
    ("name alternates", "draw"): N_(
        "the alternates of draw %(name)s follow from what was drawn, control code %(commitment)s"
    ),
    ("seek alternates", "draw"): N_("had the alternates of draw %(name)s looked for again"),
    ("name alternates", "rehearsal"): N_("found the alternates of rehearsal %(name)s, without value"),
    ("seek alternates", "rehearsal"): N_(
        "had the alternates of rehearsal %(name)s, without value, looked for again"
    ),
    ("reveal", "draw"): N_("chance gave “%(randomness)s”: draw %(name)s names its panel number %(ticket)d"),
    ("request", "rehearsal"): N_("asked for rehearsal %(name)s, without value, among %(people)d volunteers"),
    ("seal", "rehearsal"): N_("computed rehearsal %(name)s, without value"),
    ("cancel", "rehearsal"): N_("cancelled rehearsal %(name)s, without value"),
    ("fail", "rehearsal"): N_("rehearsal %(name)s, without value, could not be computed"),
    ("abandon", "rehearsal"): N_("ended rehearsal %(name)s, without value"),
    ("reveal", "rehearsal"): N_(
        "rehearsal %(name)s, without value, tried “%(randomness)s”: nobody is seated"
    ),
    ("answer", "seat"): N_("the answer for seat %(name)s: %(answer)s"),
    ("call", "seat"): N_("called the next alternate, to seat %(name)s"),
    ("confirm seat", "seat"): N_("confirmed seat %(name)s; it is final from %(final)s"),
    ("confirm refusal", "seat"): N_("confirmed that seat %(name)s was refused"),
    ("renew code", "seat"): N_("printed a new code for seat %(name)s"),
    ("give up seat", "seat"): N_("seat %(name)s was given up"),
    ("correct answer", "seat"): N_("corrected the answer for seat %(name)s, because: %(reason)s"),
    ("extend", "seat"): N_("left seat %(name)s until %(until)s to answer, because: %(reason)s"),
    ("send letters", "letters"): N_(
        "wrote %(letters)d letters about draw %(name)s, %(mails)d of them by mail"
    ),
    ("contest", "contest"): N_("contest %(name)s of draw %(draw)d was filed"),
    ("answer contest", "contest"): N_("answered contest %(name)s of the draw: %(answer)s"),
    ("remark", "contest"): N_("remarked on contest %(name)s of the draw: %(text)s"),
    ("hide", "contest"): N_("took out the text of contest %(name)s, because: %(reason)s"),
    ("show", "contest"): N_("made the text of contest %(name)s public again"),
    # What everyone says
    ("add", "question"): N_("asked question %(name)s"),
    ("change", "question"): N_("reworded question %(name)s"),
    ("move", "question"): N_("moved question %(name)s"),
    ("remove", "question"): N_("removed question %(name)s"),
    ("contribute", "contribution"): N_("contribution %(name)s arrived"),
    ("publish", "contribution"): N_("published contribution %(name)s"),
    ("refuse", "contribution"): N_("did not publish contribution %(name)s, because: %(reason)s"),
    ("withdraw", "contribution"): N_("contribution %(name)s was withdrawn by its author"),
    ("answer", "contribution"): N_("answered contribution %(name)s: %(outcome)s"),
    ("appeal", "contribution"): N_("the author of contribution %(name)s appealed to a guarantor"),
    ("uphold", "contribution"): N_(
        "confirmed on appeal that contribution %(name)s is not published, because: %(reason)s"
    ),
    ("overturn", "contribution"): N_(
        "lifted on appeal the refusal of contribution %(name)s, because: %(reason)s"
    ),
    ("appeal", "lesson"): N_("whoever told experience %(name)s appealed to a guarantor"),
    ("uphold", "lesson"): N_(
        "confirmed on appeal that experience %(name)s is not published, because: %(reason)s"
    ),
    ("overturn", "lesson"): N_("lifted on appeal the refusal of experience %(name)s, because: %(reason)s"),
    ("appeal", "wording"): N_("the author of proposed wording %(name)s appealed to a guarantor"),
    ("uphold", "wording"): N_(
        "confirmed on appeal that proposed wording %(name)s is not published, because: %(reason)s"
    ),
    ("overturn", "wording"): N_(
        "lifted on appeal the refusal of proposed wording %(name)s, because: %(reason)s"
    ),
    ("appeal", "statement"): N_("whoever proposed statement %(name)s appealed to a guarantor"),
    ("uphold", "statement"): N_(
        "confirmed on appeal that statement %(name)s is not published, because: %(reason)s"
    ),
    ("overturn", "statement"): N_("lifted on appeal the refusal of statement %(name)s, because: %(reason)s"),
    ("link", "likeness"): N_("noted that these contributions say the same: %(contributions)s"),
    ("unlink", "likeness"): N_("no longer holds that contribution %(contribution)s says the same as others"),
    ("contest", "contribution"): N_("the author of contribution %(name)s contested where it was placed"),
    ("tell", "lesson"): N_("experience %(name)s was told"),
    ("correct", "lesson"): N_("corrected experience %(name)s, because: %(reason)s"),
    ("reword", "lesson"): N_("experience %(name)s was corrected by whoever told it"),
    ("withdraw", "lesson"): N_("experience %(name)s was withdrawn by whoever told it"),
    ("validate", "lesson"): N_("noted how experience %(name)s was checked"),
    ("publish", "lesson"): N_("published experience %(name)s"),
    ("refuse", "lesson"): N_("did not publish experience %(name)s, because: %(reason)s"),
    ("attach", "new evidence"): N_(
        "experience %(lesson)s was attached to passage %(clause)s of the charter %(charter)s, as new evidence %(name)s"
    ),
    ("publish", "new evidence"): N_("published new evidence %(name)s"),
    ("refuse", "new evidence"): N_("did not publish new evidence %(name)s, because: %(reason)s"),
    ("remove", "new evidence"): N_("removed new evidence %(name)s, because: %(reason)s"),
    ("withdraw", "new evidence"): N_("new evidence %(name)s was withdrawn by its author"),
    ("write", "line"): N_("wrote line %(name)s of the synthesis"),
    ("place", "line"): N_("placed contributions on line %(name)s of the synthesis"),
    ("unplace", "line"): N_("took contribution %(contribution)s off line %(name)s of the synthesis"),
    ("answer contest", "line"): N_("answered a contest on line %(name)s of the synthesis: %(answer)s"),
    ("change", "grid"): N_("changed the grid of the synthesis"),
    ("split", "line"): N_("split line %(name)s of the synthesis"),
    ("merge", "line"): N_("merged lines of the synthesis into line %(name)s"),
    ("undo", "line"): N_("undid the splitting or merging of line %(name)s of the synthesis"),
    ("retire", "line"): N_("retired line %(name)s of the synthesis, which held no contribution"),
    ("review", "line"): N_("as %(kind)s of the mixed board, said of line %(name)s: %(position)s"),
    ("read", "contribution"): N_("read %(count)d contributions"),
    ("propose", "wording"): N_("wording %(name)s of line %(line)s was proposed"),
    ("publish", "wording"): N_("published proposed wording %(name)s"),
    ("refuse", "wording"): N_("did not publish proposed wording %(name)s, because: %(reason)s"),
    ("withdraw", "wording"): N_("proposed wording %(name)s was withdrawn by its author"),
    ("take up", "wording"): N_("took up wording %(name)s: %(answer)s"),
    ("decline", "wording"): N_("declined wording %(name)s: %(answer)s"),
    ("bring in", "conversation"): N_(
        "brought in a conversation held elsewhere: %(statements)d statements, %(participants)d participants, %(votes)d votes"
    ),
    ("add", "statement"): N_("put statement %(name)s to everyone"),
    ("propose", "statement"): N_("statement %(name)s was proposed"),
    ("reword", "statement"): N_("wrote the words or translations of statement %(name)s"),
    ("retire", "statement"): N_("set statement %(name)s aside, because: %(reason)s"),
    ("put back", "statement"): N_("put statement %(name)s to everyone again, because: %(reason)s"),
    ("publish", "statement"): N_("published statement %(name)s"),
    ("refuse", "statement"): N_("did not publish statement %(name)s, because: %(reason)s"),
    ("withdraw", "statement"): N_("statement %(name)s was withdrawn by its author"),
    ("bring in", "statement"): N_("statement %(name)s was brought in"),
    ("map", "opinion map"): N_(
        "mapped the opinions of round %(name)s: %(votes)d votes of %(participants)d people, %(groups)d groups, control code %(digest)s"
    ),
    ("enter", "batch"): N_("typed %(answers)d answers from paper or a group: batch %(name)s"),
    ("take back", "batch"): N_("took back batch %(name)s of typed answers, because: %(reason)s"),
    ("print", "sheets"): N_("printed %(sheets)d numbered sheets of question %(question)s"),
    ("begin", "group session"): N_("began session %(name)s with a group of %(people)d people"),
    ("close", "group session"): N_("closed session %(name)s with a group: batch %(batch)d"),
    ("give up", "group session"): N_("gave up session %(name)s with a group; nothing of it is kept"),
    ("settle", "dossier"): N_("settled the dossier of round %(name)s, control code %(digest)s"),
    # Deliberation
    ("open", "session"): N_("announced session %(name)s"),
    ("mark", "session"): N_("session %(name)s: %(present)d people were present"),
    ("set tables", "session"): N_(
        "session %(name)s: seated %(people)d people at %(tables)d tables over %(rounds)d rotations; %(pairs)d pairs meet, of at most %(bound)d"
    ),
    ("add", "evidence"): N_("put evidence %(name)s before the panel"),
    ("add", "note"): N_("kept the note of a table"),
    ("open", "ballot"): N_("opened ballot %(name)s, %(present)d people present of %(seated)d"),
    ("vote", "ballot"): N_("voted in ballot %(name)s"),
    ("enter votes", "ballot"): N_("entered %(votes)d votes of ballot %(name)s"),
    ("count", "ballot"): N_("counted the papers of ballot %(name)s"),
    ("close", "ballot"): N_("closed ballot %(name)s, control code %(digest)s"),
    # Charters
    ("create", "charter"): N_("began the charter %(name)s, control code %(version)s"),
    ("propose", "amendment"): N_("proposed amendment %(name)s to the charter %(charter)s"),
    ("withdraw", "amendment"): N_("withdrew amendment %(name)s"),
    ("support", "amendment"): N_("supported amendment %(name)s: %(supporters)d supporters"),
    ("fold", "amendment"): N_("took the change %(name)s into amendment %(into)s"),
    ("reconcile", "conflict"): N_("said how the conflict %(name)s is put to the vote, in ballot %(ballot)d"),
    ("withdraw support", "amendment"): N_("no longer supports amendment %(name)s: %(supporters)d supporters"),
    ("adopt", "version"): N_("entered the version %(name)s that was voted, control code %(version)s"),
    ("publish", "version"): N_("published the version %(name)s, control code %(version)s"),
    ("state", "minority statement"): N_("wrote minority statement %(name)s"),
    ("withdraw signature", "minority statement"): N_(
        "no longer signs minority statement %(name)s: %(signatures)d signatures"
    ),
    ("sign", "minority statement"): N_("signed minority statement %(name)s: %(signatures)d signatures"),
    # The register of adoptions
    ("propose", "adoption"): N_("a decision of territory %(name)s on the charter %(charter)s arrived"),
    ("adopt", "adoption"): N_("territory %(name)s adopted the charter %(charter)s, version %(version)d"),
    ("follow", "adoption"): N_("territory %(name)s followed the charter %(charter)s to version %(version)d"),
    ("stay", "adoption"): N_("territory %(name)s left version %(version)d of the charter %(charter)s aside"),
    ("end", "adoption"): N_("territory %(name)s ended its adoption of the charter %(charter)s"),
    ("refuse", "adoption"): N_("did not publish a decision of territory %(name)s, because: %(reason)s"),
    ("erase", "adoption"): N_("erased how territory %(name)s is reached"),
    ("contest", "adoption"): N_("the entry of territory %(name)s was contested"),
    ("answer contest", "adoption"): N_("answered a contest of the entry of territory %(name)s: %(answer)s"),
    ("offer", "version"): N_("told %(territories)d territories of the version %(name)s"),
}
ANY_ENTRY = N_("%(act)s: %(object)s")


# What an entry states by a word of its own, and how it is said.
VALUES: dict[str, dict[str, str]] = {
    "outcome": {
        "adopted": N_("taken up"),
        "partly": N_("taken up in part"),
        "rejected": N_("not taken up"),
        "out-of-scope": N_("outside the question"),
    },
    "kind": KIND_NAMES,
    "position": POSITION_NAMES,
    "answer": {"accepted": N_("accepted"), "declined": N_("declined"), "no answer": N_("no answer")},
    "name": ROLE_NAMES,
    "reason": RULE_NAMES,
}


def entry_in_words(
    act: str, object: str, public: Mapping[str, Any], say: Callable[[str], str] = str
) -> Sentence:
    """What an entry says, as a template and its values; `say` puts single words into the reader's language."""
    kind, _, name = object.partition(":")
    template = ENTRIES.get((act, kind), ANY_ENTRY)
    stated = {"act": act, "object": object, "name": name, **public}
    values = {key: _in_a_word(key, value, say) for key, value in stated.items()}
    try:
        template % values
    except (KeyError, TypeError, ValueError):
        return ANY_ENTRY, values  # an entry written before its sentence was, or by a later version
    return template, values


def _in_a_word(key: str, value: Any, say: Callable[[str], str]) -> Any:
    known = VALUES.get(key, {})
    return say(known[value]) if isinstance(value, str) and value in known else _short(value)


def _short(value: Any) -> Any:
    """A control code is recognised by its first and last digits."""
    if isinstance(value, str) and value.startswith("sha256:") and len(value) == 71:
        return short_code(value)
    return value


def short_code(digest: str) -> str:
    """« 9f2c…41ab »: a control code as it is shown where the whole would be too long."""
    digits = digest.removeprefix("sha256:")
    return f"{digits[:4]}…{digits[-4:]}"


ACTORS = {"visitor": N_("A visitor"), "clock": N_("The clock"), "operator": N_("The operator of this site")}

# The kinds of act as the journal's filter names them.
ACTS = {
    "abandon": N_("Draws abandoned"),
    "add": N_("Questions, statements, evidence and notes added"),
    "adopt": N_("Versions adopted"),
    "amend": N_("Changes of the protocol"),
    "answer": N_("Answers"),
    "answer contest": N_("Answers to a contest"),
    "appeal": N_("Appeals against a refusal"),
    "appoint": N_("Roles given"),
    "attach": N_("Experiences attached to passages"),
    "begin": N_("Group sessions begun"),
    "bring in": N_("Conversations brought in"),
    "call": N_("Alternates called"),
    "cancel": N_("Draws cancelled"),
    "change": N_("Rewordings"),
    "change quotas": N_("Quotas changed"),
    "close": N_("Closings"),
    "confirm refusal": N_("Refusals confirmed"),
    "confirm seat": N_("Seats confirmed"),
    "contest": N_("Contests"),
    "contribute": N_("Contributions received"),
    "correct": N_("Corrections"),
    "correct answer": N_("Answers for a seat corrected"),
    "count": N_("Papers counted"),
    "create": N_("Beginnings"),
    "decline": N_("Wordings declined"),
    "dismiss": N_("Terms ended"),
    "enter": N_("Batches of answers typed"),
    "enter votes": N_("Votes entered"),
    "erase": N_("Erasures"),
    "extend": N_("More time to answer"),
    "end": N_("Adoptions ended"),
    "fail": N_("Draws that failed"),
    "fold": N_("Changes taken into an amendment"),
    "follow": N_("Newer versions followed"),
    "give up": N_("Group sessions given up"),
    "give up seat": N_("Seats given up"),
    "hide": N_("Texts taken out"),
    "import": N_("Files of volunteers"),
    "lock": N_("Protocols locked"),
    "make link": N_("Links printed again"),
    "map": N_("Opinion maps"),
    "mark": N_("Presence noted"),
    "link": N_("Contributions held to say the same"),
    "merge": N_("Lines of synthesis merged"),
    "move": N_("Changes of order"),
    "name alternates": N_("Alternates found"),
    "join households": N_("Households settled"),
    "offer": N_("Territories told of a version"),
    "open": N_("Openings"),
    "place": N_("Contributions placed"),
    "print": N_("Numbered sheets printed"),
    "propose": N_("Amendments, statements and wordings proposed"),
    "overturn": N_("Refusals lifted on appeal"),
    "publish": N_("Publications"),
    "put back": N_("Statements put back"),
    "read": N_("Contributions read"),
    "reconcile": N_("Conflicts put to the vote"),
    "refuse": N_("Contributions refused"),
    "register": N_("Volunteers registered"),
    "remark": N_("Guarantors’ remarks"),
    "remove": N_("Removals"),
    "renew code": N_("Codes printed again"),
    "request": N_("Draws asked for"),
    "retire": N_("Lines and statements set aside"),
    "reveal": N_("Draws revealed"),
    "reword": N_("Words corrected"),
    "review": N_("What the mixed board said"),
    "seal": N_("Lotteries sealed"),
    "seek alternates": N_("Alternates looked for again"),
    "send letters": N_("Letters sent"),
    "set quotas": N_("Quotas set"),
    "set tables": N_("Tables made"),
    "separate households": N_("Households settled"),
    "settle": N_("Dossiers settled"),
    "show": N_("Texts brought back"),
    "sign": N_("Signatures"),
    "split": N_("Lines of synthesis split"),
    "state": N_("Minority statements"),
    "stay": N_("Versions left aside by a territory"),
    "support": N_("Support given"),
    "take back": N_("Batches of answers taken back"),
    "take up": N_("Wordings taken up"),
    "tell": N_("Experiences told"),
    "undo": N_("Splits and merges undone"),
    "unplace": N_("Contributions taken off a line"),
    "unlink": N_("Contributions no longer held to say the same"),
    "uphold": N_("Refusals confirmed on appeal"),
    "validate": N_("Experiences checked"),
    "vote": N_("Votes cast"),
    "withdraw": N_("Withdrawals"),
    "withdraw registration": N_("Registrations withdrawn"),
    "withdraw signature": N_("Signatures withdrawn"),
    "withdraw support": N_("Support withdrawn"),
    "write": N_("Lines of synthesis"),
}

# The acts that someone who follows a process wants to hear of.
IN_FEEDS = {
    ("lock", "protocol"), ("amend", "protocol"), ("open", "phase"), ("close", "phase"), ("remark", "process"),
    ("seal", "draw"), ("reveal", "draw"), ("abandon", "draw"), ("map", "opinion map"), ("settle", "dossier"), ("open", "session"),
    ("attach", "new evidence"),
    ("contest", "contest"), ("answer contest", "contest"),
    ("close", "ballot"), ("publish", "version"), ("publish", "process"),
    ("adopt", "adoption"), ("follow", "adoption"), ("stay", "adoption"), ("end", "adoption"),
}  # fmt: skip
