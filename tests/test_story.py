"""Who takes part as a text goes on: "they" of three who met, "she" in the middle of a sentence, "the two leaders"."""

import pytest
from reading import article

from bilateral.detect import detect, load_packs
from bilateral.model import Lang, Report, States

PACKS = load_packs()
THREE = "US President Joe Biden hosted Japanese Prime Minister Fumio Kishida and South Korean President Yoon Suk Yeol."


def reports(text: str, lang: Lang = "en") -> list[Report]:
    return list(detect(article(text, lang), PACKS).reports)


def told(text: str, lang: Lang = "en") -> dict[str, States]:
    return {r.kind: r.states for r in reports(text, lang)}


def test_three_who_met_are_three_who_adopted() -> None:
    assert told(f"{THREE} They adopted a joint statement.")["statement.joint"] == ("JPN", "KOR", "USA")


def test_the_same_words_tell_of_the_whole_crowd_and_not_of_two_of_it() -> None:
    assert [r.states for r in reports(THREE)] == [("JPN", "KOR", "USA")]


@pytest.mark.parametrize(
    ("lang", "text", "states"),
    [
        ("en", "The presidents of Kyrgyzstan, Russia and Tajikistan, Sadyr Japarov, Vladimir Putin and Emomali Rahmon, met in Astana in a trilateral format.", ("KGZ", "RUS", "TJK")),
        ("ky", "Садыр Жапаров Эмомали Рахмон жана Шавкат Мирзиёев менен үч тараптуу жолугушуу өткөрдү.", ("KGZ", "TJK", "UZB")),
    ],
)  # fmt: skip
def test_a_trilateral_meeting_has_three_sides_and_not_the_place(
    lang: Lang, text: str, states: States
) -> None:
    assert [r.states for r in reports(text, lang)] == [states]


def test_a_trilateral_meeting_of_which_two_are_known_is_none() -> None:
    assert not reports("Vladimir Putin and Sadyr Japarov held a trilateral meeting.")


def test_she_is_the_subject_of_her_own_sentence() -> None:
    text = (
        "Finland's Foreign Minister Elina Valtonen will travel to Kenya and Tanzania next week; "
        "on Tuesday she will meet Kenyan President William Ruto."
    )
    meeting = next(r for r in reports(text) if r.kind == "meeting")
    assert (meeting.states, [p.name for p in meeting.participants]) == (
        ("FIN", "KEN"),
        ["Elina Valtonen", "William Ruto"],
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Antony Blinken spoke by phone with Enrique Manalo, the foreign minister of the Philippines.", "Enrique Manalo"),
        ("On Monday Enrique Manalo, the foreign minister of the Philippines, met Antony Blinken.", "Enrique Manalo"),
    ],
)  # fmt: skip
def test_an_official_may_be_named_before_the_office(text: str, name: str) -> None:
    (report,) = reports(text)
    assert name in [p.name for p in report.participants]


def test_what_is_told_with_will_is_a_clause_of_its_own() -> None:
    text = (
        "The joint military exercise of India and Uzbekistan opened on Tuesday and will run until 5 December."
    )
    assert [(r.kind, r.modality) for r in reports(text)] == [("exercise", "asserted")]


def test_a_refusal_is_no_denial_of_one() -> None:
    (report,) = reports("Кыргызстан Казакстандын сунушун канааттандырган жок.", "ky")
    assert (report.kind, report.modality) == ("refusal", "asserted")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The leaders of Kyrgyzstan, Tajikistan and Uzbekistan met in Khujand."),
        ("ru", "Лидеры Киргизии, Таджикистана и Узбекистана встретились в Худжанде."),
        ("ky", "Кожентте Кыргызстандын, Тажикстандын жана Өзбекстандын лидерлери жолугушту."),
    ],
)
def test_states_in_a_list_are_all_of_one_meeting(lang: Lang, text: str) -> None:
    assert [r.states for r in reports(text, lang)] == [("KGZ", "TJK", "UZB")]


def test_who_invites_is_not_who_travels() -> None:
    text = "Садыр Жапаров Италиянын Президенти Серджио Маттарелланын чакыруусу боюнча 23–24-январда Италияга расмий сапар менен барат."
    visit = next(r for r in reports(text, "ky") if r.kind == "visit.official")
    assert [p.name for p in visit.participants] == ["Sadyr Japarov"]


def test_a_day_at_the_head_of_a_sentence_is_that_of_its_call() -> None:
    text = (
        "On Monday the Foreign Minister of Kyrgyzstan Jeenbek Kulubaev, who is in Osh for a conference on glaciers, "
        "spoke by phone with Foreign Minister of Oman Badr Albusaidi."
    )
    (call,) = reports(text)
    assert (call.kind, call.date_basis) == ("call.phone", "weekday")


def test_a_known_surname_may_follow_any_spelling_of_the_first_name() -> None:
    text = "Садыр Жапаров Италиянын Президенти Сержио Маттарелла менен сүйлөшүүлөрдү өткөрдү."
    (talks,) = reports(text, "ky")
    assert [p.name for p in talks.participants] == ["Sadyr Japarov", "Sergio Mattarella"]


def test_where_an_envoy_resides_is_no_side() -> None:
    text = "Кубанын Астанадагы элчиси Клаудио Монсон Кыргызстандын тышкы иштер министри Жээнбек Кулубаевге ишеним грамоталарынын көчүрмөлөрүн тапшырды."
    assert [r.states for r in reports(text, "ky") if r.kind == "accreditation"] == [("CUB", "KGZ")]


def test_a_refusal_that_is_denied_is_none() -> None:
    assert [r.modality for r in reports("Кыргызстан Украинага жардам берүүдөн баш тарткан эмес.", "ky")] == [
        "denied"
    ]


def test_what_is_asked_is_not_told() -> None:
    asked, told = (f"Did Vladimir Putin meet with Sadyr Japarov{end}" for end in ("?", "."))
    assert [[r.modality for r in reports(text)] for text in (asked, told)] == [["hypothetical"], ["asserted"]]


def test_whom_somebody_received_is_one_of_the_two() -> None:
    text = "Министр иностранных дел Сингапура Вивиан Балакришнан прибыл в Астану. Его принял Касым-Жомарт Токаев."
    assert ("KAZ", "SGP") in {r.states for r in reports(text, "ru") if r.kind == "meeting"}
