"""Random texts as people, scrapers and attackers write them."""

from __future__ import annotations

from hypothesis import strategies as st

from index_config.table import load_table
from search_service.engines.factory import make_analysis

TABLE = load_table()
ANALYSIS = make_analysis()

FOLDED = sorted(TABLE.mapping)
WHITE_SPACE = [character for character in map(chr, range(0x3001)) if character.isspace()]
MARKS = "\u064b\u064e\u0651\u0670\u0640\u0301\u093f\u200c\u200d\u200f\ufe0f\u20e3\u00ad"
JOINERS = "._'’:,;،·\"-/@#*…\u202f\u203f\u200b"

arabic_letters = st.sampled_from("ابتجدرسعفقكلمنهويءآأإةىئؤٱﻻﷲﷺ")
arabic_words = st.lists(st.tuples(arabic_letters, st.text(MARKS, max_size=2)), min_size=1, max_size=8).map(
    lambda letters: "".join(letter + marks for letter, marks in letters)
)
known_words = st.sampled_from(
    ["في", "على", "الولايات", "المتحدة", "مجلس", "الأمن", "والمَجلِس", "بمجلسهم", "للأمن", "شيء", "شئ", "2015م", "٢٠١٥"]
)
respelt_words = st.sampled_from(["كورونا19", "1,500", "راااائع", "ٱلصَّلَوٰةَ", "يَـٰقَوْمِ", "اﷲ", "12،15،19", "ﷺ"])
latin_words = st.sampled_from(["OpenAI", "BREXIT", "don’t", "U.S.", "3.14", "1,000", "İZMİR"])
foreign_words = st.sampled_from(['צה"ל', "ז'", "ΟΔΟΣ", "ภาษา", "漢字", "ひら", "カタ", "한국", "हिन्दी"])
emoji = st.sampled_from(["😀", "👍🏽", "👩\u200d💻", "🇪🇬", "❤️", "1️⃣", "#️⃣", "★", "🏽"])
pieces = st.one_of(
    arabic_words,
    known_words,
    respelt_words,
    latin_words,
    foreign_words,
    emoji,
    st.text(st.sampled_from(JOINERS), min_size=1, max_size=3),
    st.text(st.sampled_from(WHITE_SPACE), min_size=1, max_size=2),
    st.just(" "),
    st.text(st.sampled_from(MARKS), min_size=1, max_size=3),
    st.sampled_from(FOLDED),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
)
texts = st.lists(pieces, max_size=24).map("".join)
