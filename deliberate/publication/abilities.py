"""Who may do what, in words."""

from collections.abc import Iterable, Mapping

from deliberate.core.errors import N_

# (object, capability) → what a person does with it. "see" goes without saying where everyone reads everything.
CAPABILITIES: dict[tuple[str, str], str] = {
    ("process", "change"): N_("prepare and adjust the process"),
    ("journal", "remark"): N_("see everything, append a public remark"),
    ("protocol", "change"): N_("write the rules"),
    ("protocol", "lock"): N_("lock the rules"),
    ("protocol", "amend"): N_("amend the rules, with a public reason"),
    ("phase", "change"): N_("open and close phases"),
    ("appointment", "create"): N_("appoint people"),
    ("appointment", "change"): N_("end a term"),
    ("registration", "create"): N_("volunteer for the draw, while registration is open"),
    ("pool", "create"): N_("enter volunteers"),
    ("pool", "change"): N_("correct a registration, with a public reason"),
    ("pool", "sign"): N_("sign the list of volunteers"),
    ("draw", "create"): N_("prepare the draw"),
    ("seat", "change"): N_("offer seats and call alternates"),
    ("seat", "confirm"): N_("confirm that a seat was refused"),
    ("contest", "create"): N_("contest the draw, until its seats are final"),
    ("contest", "answer"): N_("answer those who contest the draw"),
    ("contest", "moderate"): N_("take out of a contest what names a person, with a public reason"),
    ("contest", "remark"): N_("remark on a contest, bring back a text taken out"),
    ("contribution", "create"): N_("answer the open questions"),
    ("contribution", "support"): N_("say whether they agree"),
    ("contribution", "contest"): N_("contest where their words were placed"),
    ("contribution", "moderate"): N_("publish or refuse contributions, with a public reason"),
    ("statement", "vote"): N_("vote on statements"),
    ("statement", "create"): N_("propose a statement to vote on"),
    ("statement", "change"): N_("make statements to vote on, retire them with a public reason"),
    ("statement", "moderate"): N_("publish or refuse proposed statements, with a public reason"),
    ("conversation", "create"): N_("bring in a conversation held on Polis"),
    ("appeal", "create"): N_("appeal to a guarantor when their words are refused"),
    ("appeal", "decide"): N_("decide on appeals against moderation, with a public reason"),
    ("likeness", "change"): N_("say which contributions say the same"),
    ("lesson", "create"): N_("tell an experience"),
    ("lesson", "moderate"): N_("publish or refuse experiences, with a public reason"),
    ("new evidence", "create"): N_("attach an experience to a passage of a charter, as new evidence"),
    ("new evidence", "moderate"): N_("publish, refuse or remove new evidence, with a public reason"),
    ("synthesis", "create"): N_("write the synthesis"),
    ("synthesis", "change"): N_("answer those who contest the synthesis"),
    ("line", "review"): N_("say whether they agree with a line of the synthesis"),
    ("wording", "create"): N_("propose another wording of a line of the synthesis"),
    ("wording", "moderate"): N_("publish or refuse proposed wordings, with a public reason"),
    ("dossier", "settle"): N_("settle the dossier"),
    ("session", "create"): N_("announce sessions"),
    ("session", "change"): N_("note who is present and what tables say"),
    ("evidence", "create"): N_("put evidence before the panel"),
    ("charter", "create"): N_("begin a charter"),
    ("amendment", "create"): N_("propose amendments"),
    ("amendment", "change"): N_("withdraw or merge amendments"),
    ("amendment", "support"): N_("support an amendment"),
    ("translation", "create"): N_("translate clauses, confirm a translation"),
    ("ballot", "create"): N_("open a ballot"),
    ("ballot", "vote"): N_("vote"),
    ("ballot", "count"): N_("count the papers"),
    ("ballot", "close"): N_("close a ballot"),
    ("version", "adopt"): N_("enter the version that a ballot adopted"),
    ("minority statement", "create"): N_("write a minority statement"),
    ("minority statement", "support"): N_("sign a minority statement"),
    ("answer", "create"): N_("answer each contribution"),
    ("adoption", "create"): N_("enter a territory in the register of adoptions"),
    ("adoption", "change"): N_("enter what a territory decided"),
    ("adoption", "moderate"): N_("publish or refuse what territories send, with a public reason"),
    ("adoption", "contest"): N_("contest an entry of the register"),
    ("adoption", "answer"): N_("answer those who contest the register"),
    ("publication", "publish"): N_("publish the bundle that anyone can verify"),
}


def abilities(permitted: Mapping[str, Mapping[str, Iterable[str]]]) -> dict[str, list[str]]:
    """Who → what they may do, as templates in the order of CAPABILITIES; from `process.queries.who_may_do_what`."""
    return {
        who: [
            said for (thing, capability), said in CAPABILITIES.items() if capability in objects.get(thing, ())
        ]
        for who, objects in permitted.items()
    }
