"""Puts around a clean text what surrounds an article on a real page, so that the encoder learns to look past it.

In: headline and text. Out: the same text, letter for letter but for line breaks and capitals, between menus, contact
blocks, buttons and notices in its language. Pure; all phrases are generic.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

__all__ = ["Noisy", "add_page_noise"]


@dataclass(frozen=True, slots=True)
class Noisy:
    """A text with noise; what stood at a place of headline, line end and text now stands `shift` later."""

    title: str
    text: str
    shift: int


_MENUS = {
    "en": [
        "Home | News | About us | Contact",
        "Skip to main content",
        "Press Releases",
        "Share this page",
        "Menu",
        "Search",
    ],
    "es": ["Inicio | Noticias | Nosotros | Contacto", "Ir al contenido", "Boletines", "Compartir", "Menú", "Buscar"],
    "pt": [
        "Início | Notícias | Quem somos | Contato",
        "Ir para o conteúdo",
        "Compartilhe",
        "Últimas notícias",
        "Buscar",
    ],
    "fr": [
        "Accueil | Actualités | Qui sommes-nous | Contact",
        "Aller au contenu",
        "Communiqués",
        "Partager",
        "Rechercher",
    ],
    "de": [
        "Startseite | Aktuelles | Über uns | Kontakt",
        "Zum Inhalt springen",
        "Pressemitteilungen",
        "Teilen",
        "Suche",
    ],
    "it": ["Home | Notizie | Chi siamo | Contatti", "Vai al contenuto", "Comunicati stampa", "Condividi", "Cerca"],
    "nl": ["Home | Nieuws | Over ons | Contact", "Naar de inhoud", "Persberichten", "Deel dit bericht", "Zoeken"],
    "ro": ["Acasă | Știri | Despre noi | Contact", "Sari la conținut", "Comunicate", "Distribuie", "Caută"],
    "tr": ["Ana sayfa | Haberler | Hakkımızda | İletişim", "İçeriğe geç", "Basın bülteni", "Paylaş", "Ara"],
    "id": ["Beranda | Berita | Tentang kami | Kontak", "Langsung ke konten", "Siaran pers", "Bagikan", "Cari"],
    "pl": ["Strona główna | Aktualności | O nas | Kontakt", "Przejdź do treści", "Komunikaty", "Udostępnij", "Szukaj"],
    "ru": ["Главная | Новости | О нас | Контакты", "Перейти к содержанию", "Пресс-релизы", "Поделиться", "Поиск"],
    "uk": ["Головна | Новини | Про нас | Контакти", "Перейти до змісту", "Пресрелізи", "Поділитися", "Пошук"],
    "ar": ["الرئيسية | الأخبار | من نحن | اتصل بنا", "انتقل إلى المحتوى", "بيانات صحفية", "شارك", "بحث"],
}
_HEADS = {
    "en": [
        "FOR IMMEDIATE RELEASE",
        "News Release",
        "MEDIA RELEASE",
        "Contact: Press Office",
        "Published on",
        "By Staff Reporter",
    ],
    "es": ["BOLETÍN DE PRENSA", "Comunicado", "Redacción", "Publicado el", "Foto: Cortesía"],
    "pt": ["NOTA À IMPRENSA", "Da redação", "Publicado em", "Foto: Divulgação"],
    "fr": ["COMMUNIQUÉ DE PRESSE", "La rédaction", "Publié le", "Crédit photo : DR"],
    "de": ["PRESSEMITTEILUNG", "Von unserer Redaktion", "Veröffentlicht am", "Foto: privat"],
    "it": ["COMUNICATO STAMPA", "di Redazione", "Pubblicato il", "Foto d'archivio"],
    "nl": ["PERSBERICHT", "Door onze redactie", "Gepubliceerd op"],
    "ro": ["COMUNICAT DE PRESĂ", "Redacția", "Publicat la"],
    "tr": ["BASIN BÜLTENİ", "Haber Merkezi", "Yayın tarihi"],
    "id": ["SIARAN PERS", "Penulis: Redaksi", "Diterbitkan pada"],
    "pl": ["KOMUNIKAT PRASOWY", "Redakcja", "Opublikowano"],
    "ru": ["ПРЕСС-РЕЛИЗ", "Редакция", "Опубликовано"],
    "uk": ["ПРЕСРЕЛІЗ", "Редакція", "Опубліковано"],
    "ar": ["بيان صحفي", "كتب: المحرر", "نشر في"],
}
_TAILS = {
    "en": [
        "Read more",
        "Related stories",
        "Subscribe to our newsletter",
        "All rights reserved.",
        "Tags: news, community",
        "# # #",
        "-30-",
        "We use cookies to improve your experience. Accept",
        "Leave a comment",
        "Print this page",
    ],
    "es": [
        "Leer más",
        "Notas relacionadas",
        "Suscríbase al boletín",
        "Todos los derechos reservados.",
        "Etiquetas: noticias",
        "Usamos cookies. Aceptar",
    ],
    "pt": [
        "Leia mais",
        "Veja também",
        "Assine a newsletter",
        "Todos os direitos reservados.",
        "Tags: notícias",
        "Usamos cookies. Aceitar",
    ],
    "fr": [
        "Lire la suite",
        "Sur le même sujet",
        "Abonnez-vous",
        "Tous droits réservés.",
        "Mots-clés : actualité",
        "Nous utilisons des cookies. Accepter",
    ],
    "de": [
        "Weiterlesen",
        "Mehr zum Thema",
        "Newsletter abonnieren",
        "Alle Rechte vorbehalten.",
        "Diese Seite verwendet Cookies. Akzeptieren",
    ],
    "it": [
        "Leggi tutto",
        "Articoli correlati",
        "Iscriviti alla newsletter",
        "Tutti i diritti riservati.",
        "Questo sito usa i cookie. Accetta",
    ],
    "nl": ["Lees verder", "Meer nieuws", "Schrijf je in voor de nieuwsbrief", "Alle rechten voorbehouden."],
    "ro": ["Citește mai mult", "Articole similare", "Abonează-te", "Toate drepturile rezervate."],
    "tr": ["Devamını oku", "İlgili haberler", "Tüm hakları saklıdır."],
    "id": ["Baca juga", "Berita terkait", "Hak cipta dilindungi."],
    "pl": ["Czytaj więcej", "Zobacz także", "Zapisz się na newsletter", "Wszelkie prawa zastrzeżone."],
    "ru": ["Читать далее", "Материалы по теме", "Подписаться", "Все права защищены."],
    "uk": ["Читати далі", "Матеріали за темою", "Підписатися", "Усі права захищено."],
    "ar": ["اقرأ المزيد", "أخبار ذات صلة", "اشترك في النشرة", "جميع الحقوق محفوظة"],
}
_BARE_TITLES = {
    "en": ["News", "Press release", "Latest news", "Statement", "Cabinet decisions"],
    "es": ["Noticias", "Comunicado de prensa", "Boletín"],
    "pt": ["Notícias", "Nota", "Release"],
    "fr": ["Actualités", "Communiqué", "Brèves"],
    "de": ["Aktuelles", "Pressemitteilung"],
    "it": ["Notizie", "Comunicato"],
    "ru": ["Новости", "Сообщение"],
    "ar": ["أخبار", "بيان"],
}

_BREAK_EVERY = (60, 100)
"""Characters between line breaks where a page's lines are broken, as in texts taken from PDF files."""


def add_page_noise(title: str, text: str, lang: str, chance: random.Random) -> Noisy:
    """The same article on a page: some noise always, of each kind sometimes.

    `lang` without phrases of its own is given English ones.
    """
    before: list[str] = []
    if chance.random() < 0.4:
        before += chance.sample(_of(_MENUS, lang), chance.randint(1, 3))
    if chance.random() < 0.5:
        before += chance.sample(_of(_HEADS, lang), chance.randint(1, 2))
    if chance.random() < 0.3:
        before.append(_contact(chance))
    after = chance.sample(_of(_TAILS, lang), chance.randint(1, 3)) if chance.random() < 0.5 else []
    if chance.random() < 0.35:
        text = _break_lines(text, chance)
    elif chance.random() < 0.3:
        text = text.replace("\n", " ")
    shown = title
    if chance.random() < 0.2 and len(title.upper()) == len(title):
        shown = title.upper()
    body = shown + "\n" + text
    tail = "".join(f"\n{line}" for line in after)
    if chance.random() < 0.25:  # the page's own title says nothing, the headline stands in its text
        head = chance.choice(_of(_BARE_TITLES, lang))
        lead = "".join(f"{line}\n" for line in before)
        return Noisy(head, lead + body + tail, len(head) + 1 + len(lead))
    if before:  # the frame stands between headline and text
        lead = "".join(f"{line}\n" for line in before)
        return Noisy(shown, f"{lead}{body}{tail}", len(shown) + 1 + len(lead))
    return Noisy(shown, text + tail, 0)


def _of(phrases: dict[str, list[str]], lang: str) -> list[str]:
    return phrases.get(lang, phrases["en"])


def _contact(chance: random.Random) -> str:
    number = f"{chance.randint(200, 989)}-{chance.randint(200, 999)}-{chance.randint(1000, 9999)}"
    return chance.choice(
        [f"Tel. {number}", f"Media contact: {number}", f"press@office.example | {number}", f"No. {number[:7]}"]
    )


def _break_lines(text: str, chance: random.Random) -> str:
    """Spaces become line ends, one a line; nothing moves."""
    width = chance.randint(*_BREAK_EVERY)
    at, broken = 0, list(text)
    for match in re.finditer(r" ", text):
        if match.start() - at >= width:
            broken[match.start()] = "\n"
            at = match.start()
    return "".join(broken)
