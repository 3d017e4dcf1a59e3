from html.parser import HTMLParser

from sortition import Lottery, report


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attrs if name in {"src", "href"}]


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    return page


def test_the_report_stands_alone_with_two_charts_and_their_tables(lottery: Lottery) -> None:
    page = read(report(lottery))
    assert page.tags.count("svg") == page.tags.count("table") == 2
    assert page.sources == []


def test_the_report_gives_the_bound_the_least_chance_and_the_digest(lottery: Lottery) -> None:
    text = report(lottery)
    assert f"{100 * float(lottery.bound):.2f}\N{NO-BREAK SPACE}%" in text
    assert f"{100 * float(lottery.least):.2f}\N{NO-BREAK SPACE}%" in text
    assert lottery.commitment in text
    assert "two balls drawn in public" in text


def test_the_report_names_nobody(lottery: Lottery) -> None:
    text = report(lottery)
    assert not any(pseudonym in text for pseudonym in lottery.key)


def test_the_report_speaks_the_language_of_its_reader(lottery: Lottery) -> None:
    french = {"How to verify": "Comment vérifier"}
    text = report(lottery, say=lambda sentence: french.get(sentence, sentence), language="fr")
    assert '<html lang="fr">' in text
    assert "Comment vérifier" in text
