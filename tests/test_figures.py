"""What becomes of a printed figure: its ends, its unit, whose statistics it is, and the step of a document."""

from decimal import Decimal

import pytest
from reading import article

from bilateral.detect import detect, load_packs
from bilateral.model import Claim, Document, Lang

PACKS = load_packs()


def claims(text: str, lang: Lang) -> list[Claim]:
    return list(detect(article(text, lang), PACKS).claims)


@pytest.mark.parametrize(
    ("lang", "text", "low", "high"),
    [
        ("en", "Trade between Russia and Kyrgyzstan may reach 5–6 billion dollars.", "5", "6"),
        ("en", "Trade between Russia and Kyrgyzstan is put at between 3 and 4 billion dollars.", "3", "4"),
        ("ru", "Товарооборот России и Киргизии составляет от 3 до 4 млрд долларов.", "3", "4"),
        ("ru", "Товарооборот России и Киргизии составляет 3,5-4 млрд долларов.", "3.5", "4"),
        ("fr", "Les échanges entre la Russie et le Kirghizistan atteignent entre 3 et 4 milliards de dollars.", "3", "4"),
    ],
)  # fmt: skip
def test_two_ends_of_a_range_are_one_claim(lang: Lang, text: str, low: str, high: str) -> None:
    (claim,) = claims(text, lang)
    assert (claim.value, claim.value_high) == (Decimal(low), Decimal(high))
    assert claim.value_base == Decimal(low) * 10**9


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Trade between Russia and Kyrgyzstan rose from 3 billion dollars to 4 billion dollars."),
        ("ru", "Товарооборот России и Киргизии вырос с 3 млрд долларов до 4 млрд долларов."),
    ],
)
def test_a_rise_from_one_figure_to_another_is_no_range(lang: Lang, text: str) -> None:
    found = claims(text, lang)
    assert [c.value for c in found] == [3, 4]
    assert {c.value_high for c in found} == {None}


@pytest.mark.parametrize(
    ("lang", "text", "metric", "value", "unit"),
    [
        ("en", "Russia will supply Kyrgyzstan with 750 million cubic metres of gas.", "gas.volume", 750_000_000, "m3"),
        ("ru", "Россия поставит Киргизии 400 тыс. тонн нефтепродуктов.", "fuel.volume", 400_000, "t"),
        ("ru", "Россия построит в Киргизии ГЭС мощностью 110 МВт для Киргизии.", "power.capacity", 110, "MW"),
        ("ky", "Россия Кыргызстанга 300 миң тонна күйүүчү май берет.", "fuel.volume", 300_000, "t"),
        ("fr", "La Russie livrera au Kirghizistan 500 000 tonnes de produits pétroliers.", "fuel.volume", 500_000, "t"),
    ],
)  # fmt: skip
def test_quantities_have_a_unit_of_their_own(
    lang: Lang, text: str, metric: str, value: int, unit: str
) -> None:
    (claim,) = claims(text, lang)
    assert (claim.metric, claim.value_base, claim.base_unit) == (metric, value, unit)


@pytest.mark.parametrize(
    ("lang", "text", "state"),
    [
        ("en", "According to Kyrgyz statistics, trade between Russia and Kyrgyzstan was 3 billion dollars.", "KGZ"),
        ("en", "Trade between Russia and Kyrgyzstan was 3 billion dollars.", None),
        ("ru", "По данным российской таможни, товарооборот России и Киргизии составил 3 млрд долларов.", "RUS"),
        ("ky", "Россия менен Кыргызстандын соода жүгүртүүсү орус бажысынын эсебинде 4 миллиард долларга жетти.", "RUS"),
        ("fr", "Selon les douanes kirghizes, les échanges entre la Russie et le Kirghizistan s'élèvent à 3 milliards de dollars.", "KGZ"),
    ],
)  # fmt: skip
def test_a_claim_says_whose_statistics_it_gives(lang: Lang, text: str, state: str | None) -> None:
    (claim,) = claims(text, lang)
    assert claim.statistics_of == state


def test_of_two_words_about_a_figure_the_nearer_counts() -> None:
    text = "In Kyrgyzstan Russian investment exceeds $2 billion, and about 1,700 companies from Russia work there."
    assert [(c.value, c.comparator) for c in claims(text, "en")] == [(2, ">"), (1700, "~")]


@pytest.mark.parametrize(
    ("lang", "text", "status", "title"),
    [
        ("en", "The parliament of Kyrgyzstan ratified the agreement with Uzbekistan on water use.", "ratified", "agreement with Uzbekistan on water use"),
        ("en", "The agreement between Kyrgyzstan and Georgia on visas entered into force today.", "in_force", "agreement between Kyrgyzstan and Georgia on visas"),
        ("ru", "Соглашение между Россией и Киргизией о признании степеней вступило в силу.", "in_force", "Соглашение между Россией и Киргизией о признании степеней"),
        ("ru", "Россия денонсировала соглашение с Японией о рыболовстве.", "terminated", "соглашение с Японией о рыболовстве"),
        ("ky", "Жогорку Кеңеш Өзбекстан менен чек ара жөнүндө келишимди ратификациялады.", "ratified", "Өзбекстан менен чек ара жөнүндө келишимди"),
        ("fr", "Le Kazakhstan a dénoncé l'accord de transit avec le Kirghizistan.", "terminated", "accord de transit avec le Kirghizistan"),
    ],
)  # fmt: skip
def test_a_document_is_told_with_its_step(lang: Lang, text: str, status: str, title: str) -> None:
    (document,) = documents(text, lang)
    assert (document.status, document.title) == (status, title)


def test_what_is_only_to_be_ratified_is_no_step() -> None:
    assert not documents(
        "The parliament of Kyrgyzstan will ratify the treaty with Tajikistan tomorrow.", "en"
    )


def documents(text: str, lang: Lang) -> list[Document]:
    return list(detect(article(text, lang), PACKS).documents)


def test_a_number_said_again_more_exactly_is_one_claim() -> None:
    text = "Trade between Russia and Kyrgyzstan increased by more than a third, more than 34 percent."
    assert [(c.value, c.comparator) for c in claims(text, "en")] == [(34, ">")]


def test_companies_at_a_fair_are_not_those_at_work() -> None:
    head = "Russia and Kyrgyzstan held talks."
    assert not claims(f"{head} Over 30 Russian companies took part in a fair in Kyrgyzstan.", "en")
    assert claims(f"{head} Over 30 Russian companies operate in Kyrgyzstan.", "en")


def test_a_small_count_says_nothing_of_two_states_that_a_sentence_only_names() -> None:
    assert not claims("Three Kyrgyz students were expelled from a school in Kazan, Russia.", "en")
    assert claims("Some 12,000 students from Kyrgyzstan are enrolled in Russia.", "en")


def test_a_figure_goes_on_with_the_trade_named_two_sentences_before() -> None:
    text = "Trade between Russia and Kyrgyzstan is growing. You said so yourself. Last year it amounted to $4 billion."
    assert [(c.metric, c.value) for c in claims(text, "en")] == [("trade.turnover", 4)]
