"""The article's text is taken, and nothing that stands around it."""

from __future__ import annotations

import pytest

from crawler.pages.article_lines import clean_article
from crawler.pages.article_text import (
    CUT,
    LONGEST_PAGE,
    MOST_TAGS,
    TOO_DEEP,
    article_text,
    bound_bytes,
    bound_page,
    cut_tags,
    drop_boxes,
    parse_tree,
    rough_text,
)
from tests.support.newsroom_pages import PARAGRAPHS, TITLE, newsroom_page

FOREIGN = (
    "44 million",
    "5 million",
    "99 million",
    "EUR",
    "lent",
    "newsletter",
    "cookies",
    "Reservation this",
    "Section 3",
)


def accurate(html: str, title: str = TITLE) -> str:
    tree = parse_tree(bound_page(html)[0])
    assert tree is not None
    drop_boxes(tree)
    return clean_article(article_text(tree), title)


@pytest.mark.parametrize("repeat", [1, 14])
def test_no_sum_comes_from_sidebar_banner_comments_or_footer(repeat: int) -> None:
    text = accurate(newsroom_page(repeat=repeat))
    assert text == "\n\n".join(PARAGRAPHS)
    assert not [word for word in FOREIGN if word in text]


def test_boxes_without_telling_names_are_left_out_line_by_line() -> None:
    teasers = "".join(f"<p>Dam of EUR {n} million opened</p>" for n in range(20, 26))
    html = "<body><div>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + f"<h3>Read next</h3>{teasers}</div></body>"
    assert "EUR" not in accurate(html)


def test_a_page_that_is_one_form_keeps_its_article() -> None:
    html = newsroom_page().replace("<main>", "<form id=aspnetForm><main>").replace("</main>", "</main></form>")
    assert accurate(html) == "\n\n".join(PARAGRAPHS)


def test_an_article_in_a_box_with_a_misleading_name_is_kept() -> None:
    html = newsroom_page().replace("<article>", '<article class="post tag-popular category-related has-sidebar">')
    assert accurate(html) == "\n\n".join(PARAGRAPHS)


def test_the_rough_text_holds_the_whole_article() -> None:
    text = rough_text(newsroom_page())
    assert all(paragraph in text for paragraph in PARAGRAPHS)


def nested(levels: int) -> str:
    return "<html><body>" + "<div>" * levels + f"<p>{PARAGRAPHS[0]}</p>" + "</div>" * levels + "</body></html>"


@pytest.mark.parametrize("before", ["<div>" * 100_000, "<b>" * 100_000, "<custom-box>" * 5_000])
def test_a_page_nested_too_deeply_is_read_flat(before: str) -> None:
    html, note = bound_page(newsroom_page().replace("<article>", f"{before}<article>"))
    assert note == TOO_DEEP
    assert all(paragraph in rough_text(html) for paragraph in PARAGRAPHS)
    assert all(paragraph in accurate(html) for paragraph in PARAGRAPHS)


def test_what_stands_around_an_article_is_left_out_of_a_deep_page_too() -> None:
    aside = "<aside>Dam of EUR 77 million<aside>and more</aside> opened</aside>"
    html, note = bound_page(nested(3_000).replace("<p>", f"{aside}<p>"))
    assert note == TOO_DEEP
    assert "77" not in html
    assert PARAGRAPHS[0] in accurate(html)


def test_only_elements_that_contain_elements_are_levels() -> None:
    shapes = "".join(f"<path d='M{n}'/><use href='#{n}'/>" for n in range(3_000))
    for before in (
        f"<svg viewBox='0 0 9 9'>{shapes}</svg>",
        f"<math>{'<mspace/>' * 6_000}</math>",
        f"<!-- {'<div>' * 6_000} -->",
        f"<script>{'<div>' * 6_000}</script>",
        f"<textarea>{'<div>' * 6_000}</textarea>",
    ):
        page = newsroom_page(before=before)
        assert bound_page(page) == (page, None)


def test_a_page_as_deep_as_allowed_is_read_accurately() -> None:
    assert bound_page(nested(390)) == (nested(390), None)
    assert PARAGRAPHS[0] in accurate(nested(390))


def test_a_tag_of_thousands_of_attributes_and_a_list_of_thousands_of_choices_are_left_out() -> None:
    crowded = " ".join(f"a{n}" for n in range(60_000))
    quoted = "".join(f"b{n}='x'" for n in range(60_000))
    choices = "<select>" + "<oPtion value=1>x" * 30_000 + "</select>"
    for before in (
        f"<div {crowded}></div>",
        f"<div {quoted}></div>",
        f"<div/{crowded.replace(' ', '/')}></div>",
        choices,
    ):
        html, note = bound_page(newsroom_page(before=before))
        assert note is None
        assert all(paragraph in rough_text(html) for paragraph in PARAGRAPHS)
    data = f"<div data-state='{{{', '.join(f'&quot;key{n}&quot;: {n}' for n in range(300))}}}'></div>"
    assert data in bound_page(newsroom_page(before=data))[0]


def test_boxes_are_counted_as_open_whatever_else_is_closed_between_them() -> None:
    assert bound_page("</script></p><br><article>-->" * 2_000)[1] == TOO_DEEP
    assert bound_page("<DIV></a>" * 3_000 + "<a></DIV>" * 3_000)[1] == TOO_DEEP


def test_pages_with_many_unclosed_elements_are_not_deep() -> None:
    for piece in ("<br>", "<img src=x>", "<p>text", "<li>text", "<tr><td>text", "<meta name=a>"):
        html = "<html><body>" + piece * 5_000
        assert bound_page(html) == (html, None)
    assert bound_page(nested(100)) == (nested(100), None)


def test_a_page_beyond_the_limit_loses_inlined_data_first_and_its_end_last() -> None:
    data = '<img src="data:image/png;base64,' + "A" * LONGEST_PAGE + '">'
    script = "<script>" + "x = 1;" * (LONGEST_PAGE // 5) + "</script>"
    for padding in (data, script):
        html, note = bound_page(newsroom_page(before=padding))
        assert note is None
        assert PARAGRAPHS[-1][:40] in html
    html, note = bound_page(newsroom_page() + f"<p>{'word ' * 100}</p>" * (LONGEST_PAGE // 500))
    assert (len(html), note) == (LONGEST_PAGE, CUT)


def test_a_page_of_more_tags_than_any_article_has_is_cut_between_two() -> None:
    html, is_cut = cut_tags(newsroom_page() + "<p>word</p>" * MOST_TAGS)
    assert (html.count("<"), html.endswith(">word"), is_cut) == (MOST_TAGS, True, True)
    assert PARAGRAPHS[-1][:40] in html


LONG = "The ministry said that the shelters would open in spring, and that their staff would be trained by then. " * 2


@pytest.mark.parametrize(
    "line",
    [
        "Read also: Dam of 20 million dollars opened",
        "À lire aussi : un barrage de 20 millions",
        "Lea también: presa de 20 millones",
        "Sign up for our newsletter",
        "We use cookies on this site",
        "© 2026 The Herald",
        "Follow us on the network",
        "Advertisement",
        "اقرأ أيضا: سد بعشرين مليون",
    ],
)
def test_labels_are_dropped(line: str) -> None:
    assert clean_article(f"{LONG}\n{line}\n{LONG}again", "T") == f"{LONG.strip()}\n\n{LONG}again"


def test_sentences_that_speak_of_such_things_stay() -> None:
    sentence = "Cookies and newsletters were how the recruiters found the women, the prosecutor told the court."
    assert sentence in clean_article(f"{LONG}\n{sentence}", "T")


def test_a_repeated_line_and_the_headline_are_kept_once_and_not() -> None:
    assert clean_article(f"{TITLE}\n{LONG}\n{LONG}", TITLE) == LONG.strip()


def test_the_article_goes_on_after_a_box_of_teasers() -> None:
    second = "The second part of the article says more about the shelters and about their staff."
    cleaned = clean_article(f"{LONG}\nRelated stories\nDam opened\nRoad closed\n{second}\n{LONG}end", "T")
    assert "Dam opened" not in cleaned
    assert second in cleaned


def test_everything_after_the_last_heading_of_other_stories_goes() -> None:
    text = f"{LONG}\nMost read\nDam of 20 million dollars opened by the president in the north.\nRoad closed"
    assert clean_article(text, "T") == LONG.strip()


def test_a_control_character_behind_a_dropped_box_is_no_stumbling_block() -> None:
    tree = parse_tree("<body><style></style>\x08<p>One\x0b two</p><script></script>\uffff")
    assert tree is not None
    drop_boxes(tree)
    assert tree.text_content() == "One two"


@pytest.mark.parametrize(
    "page",
    [
        newsroom_page(),
        newsroom_page() + "word " * LONGEST_PAGE,
        newsroom_page() + "\U0001f600" * (LONGEST_PAGE + 10),
        newsroom_page() + '<img src="data:image/png;base64,' + "A" * LONGEST_PAGE + '"><p>after</p>',
        "<SCRIPT>" + "x = 1;" * LONGEST_PAGE + "</SCRIPT><style>open" + newsroom_page(),
        "<script>" * 10 + newsroom_page() + "é " * LONGEST_PAGE,
    ],
)
def test_a_page_cut_before_it_is_decoded_is_the_same_page(page: str) -> None:
    body = bound_bytes(page.encode())
    assert len(body) <= 4 * (LONGEST_PAGE + 1)
    assert bound_page(body.decode("utf-8", "ignore")) == bound_page(page)
