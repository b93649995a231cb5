"""RSS and Atom: each entry an article, with its link, date and offset."""

# ruff: noqa: E501  (samples stand as they would in a file)
from __future__ import annotations

from engine.models import Article, Skipped
from engine.readers import ArticleDefaults, read_bytes

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Harbour Post</title><link>https://harbourpost.example/</link><language>en-GB</language>
<item><title>Council drops &amp;lsquo;harbour tax&amp;rsquo;</title><link>https://harbourpost.example/tax</link>
<pubDate>Mon, 04 Mar 2024 10:15:00 +0100</pubDate><description>Short summary only.</description>
<content:encoded><![CDATA[<p>The council of Velden has withdrawn its plan for a harbour tax.</p><blockquote>&#8220;We were wrong,&#8221; the mayor said.</blockquote>
<figure><img src="a.jpg"><figcaption>Boats on Saturday.</figcaption></figure><p>Read more: <a href="/x">Port posts losses</a></p><p>Share this article</p>]]></content:encoded></item>
<item><title>Storm leaves homes without power</title><guid>https://harbourpost.example/storm</guid><pubDate>2024-03-03T08:00:00-05:00</pubDate>
<description>A storm crossed the valley &amp; left 3,000 homes dark, the operator said.</description></item>
<item><title>Nothing here</title><link>https://harbourpost.example/none</link></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Veldener Zeitung</title>
<entry><title type="html">Rat zieht &lt;b&gt;Hafensteuer&lt;/b&gt; zurück</title><link rel="alternate" href="https://vz.example/1"/><id>urn:1</id>
<published>2024-03-04T07:30:00+01:00</published><updated>2024-03-05T07:30:00Z</updated>
<content type="html">&lt;p&gt;Der Rat hat seine Pläne zurückgezogen.&lt;/p&gt;&lt;p&gt;«Wir lagen falsch», sagte Brandt.&lt;/p&gt;</content></entry></feed>"""


def roles(article: Article) -> list[tuple[str, str]]:
    return [(p.role, p.span.of(article.text)) for p in article.paragraphs]


def test_entries_are_articles_with_their_own_facts() -> None:
    first, second, third = read_bytes(
        RSS.encode(), name="feed.xml", defaults=ArticleDefaults(url="https://harbourpost.example/feed")
    )
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.title, first.url, first.outlet) == (
        "Council drops ‘harbour tax’",
        "https://harbourpost.example/tax",
        "Harbour Post",
    )
    assert (first.published, first.language, first.span) == ("2024-03-04T10:15:00+01:00", "en", None)
    assert (second.url, second.published) == ("https://harbourpost.example/storm", "2024-03-03T08:00:00-05:00")
    assert isinstance(third, Skipped)
    assert "entry 3 has no text: Nothing here" in third.reason


def test_the_fullest_text_of_an_entry_is_read_with_roles() -> None:
    first, second, _ = read_bytes(RSS.encode(), name="feed.xml")
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert roles(first) == [
        ("title", "Council drops ‘harbour tax’"),
        ("body", "The council of Velden has withdrawn its plan for a harbour tax."),
        ("body", "“We were wrong,” the mayor said."),
        ("caption", "Boats on Saturday."),
        ("related", "Read more: Port posts losses"),
    ]
    assert roles(second)[1] == ("body", "A storm crossed the valley & left 3,000 homes dark, the operator said.")


def test_atom_gives_title_words_language_and_the_publication_not_the_change() -> None:
    (article,) = read_bytes(ATOM.encode(), name="-")
    assert isinstance(article, Article)
    assert (article.title, article.url, article.language) == (
        "Rat zieht Hafensteuer zurück",
        "https://vz.example/1",
        "de",
    )
    assert article.published == "2024-03-04T07:30:00+01:00"
    assert [r for r, _ in roles(article)] == ["title", "body", "body"]


def test_an_empty_feed_is_skipped_with_its_reason() -> None:
    (skipped,) = read_bytes(b"<rss version='2.0'><channel><title>x</title></channel></rss>", name="f.xml")
    assert isinstance(skipped, Skipped)
    assert "without entries" in skipped.reason


def test_a_feed_in_another_encoding_is_read() -> None:
    raw = RSS.replace("UTF-8", "windows-1252").replace("Velden", "Vélden").encode("cp1252")
    first, *_ = read_bytes(raw, name="f.xml")
    assert isinstance(first, Article)
    assert "Vélden" in first.text
