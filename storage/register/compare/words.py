"""Lists of words, folded, that several decisions of the register go by, in the languages tipwatch reads.

Nothing enters or leaves: these are constants. Each list says what its words have in common; edit freely.
"""

from __future__ import annotations

import unicodedata

# One form for each Arabic letter that is written in several, and no stretching.
ARABIC_FORMS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ـ": None})
ARABIC_ARTICLE = "ال"


def drop_article(word: str) -> str:
    """An Arabic word without its article; any other as it is."""
    return word[len(ARABIC_ARTICLE) :] if len(word) > 4 and word.startswith(ARABIC_ARTICLE) else word


def word_set(text: str) -> frozenset[str]:
    """The words of a text, once each, in every form in which folding may leave them (`й` as `и`, `ة` as `ه`)."""
    words = set(text.split())
    if not text.isascii():
        bare = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
        folded = "".join(bare).translate(ARABIC_FORMS).split()
        words.update(folded, map(drop_article, folded))
    return frozenset(words)


# Articles, prepositions and the like of our languages: they differ between two spellings of one name.
SMALL_WORDS = word_set(
    """
    the a an of and for in on to with by at from its his her their against
    la le les l de des du d et en au aux pour dans par sur contre un une
    el los las del y e para por con contra una o os as do da dos das no na nos nas em um uma
    il lo gli i della delle degli dei di per nel nella su der die das den dem des und fur im in von zu gegen
    het een van voor tegen si pentru cu din ale al cea cel ve ile icin in и в во на по с для от к та у з до про і й із
    في من على الى عن و ال yang dan di untuk
    """
)
# Words that say only that a thing is a project, and of what matter: two projects of one name made of these alone are
# not thereby one project ("Combating Trafficking in Persons").
COMMON_WORDS = word_set(
    """
    project projects programme program programmes initiative action actions plan scheme campaign fund grant grants
    centre center shelter helpline hotline line service services support national regional international global
    local joint partnership trafficking human persons person people victims victim slavery modern labour labor
    forced child children women girls migrant migrants smuggling exploitation explotacion exploracao sfruttamento
    ausbeutung combat combating combatting counter countering fight fighting prevent preventing prevention protect
    protecting protection country countries pays paises stati states area areas phase anti end ending stop address
    addressing strengthening strengthen improving enhancing building capacity response projet programme initiative
    centre accueil ligne traite etres humains personnes lutte contre victimes enfants femmes appui renforcement
    prevention protection migrantes ilicito illicite contrabando proyecto programa iniciativa centro linea trata
    personas lucha combatir victimas ninos ninas mujeres fortalecimiento prevencion proteccion atencion nacional
    regional proyeto projeto projecto trafico seres humanos pessoas combate enfrentamento prevencao protecao vitimas
    criancas mulheres progetto tratta esseri umani persone contrasto vittime projekt programm menschenhandel opfer
    bekampfung proiect trafic persoane victime combaterea prevenirea proje insan ticareti mucadele magdurlari проект
    программа торговли торговлей торговле торговлю людей людьми борьбе борьба противодействие жертв проєкт програма
    торгівлі торгівлею торгівля протидія боротьба مشروع برنامج مركز الاتجار بالبشر بالاشخاص مكافحه ضحايا لمكافحه
    proyek perdagangan orang
    """
)
# Ordinals and small numbers as they stand before or after "phase".
ORDINALS: dict[str, int] = {
    **dict.fromkeys(
        word_set(
            """
            first 1st premier premiere primera primer primeiro primeira prima primo erste ersten eerste birinci
            первая первый перша перший الاولى pertama one un uno um eins een bir один
            """
        ),
        1,
    ),
    **dict.fromkeys(
        word_set(
            """
            second 2nd deuxieme seconde segunda segundo seconda secondo zweite zweiten tweede ikinci вторая
            второй второго друга другий другої الثانية الثانيه kedua doua two deux dos dois due zwei twee iki
            два
            """
        ),
        2,
    ),
    **dict.fromkeys(
        word_set(
            """
            third 3rd troisieme tercera tercer terceira terceiro terza terzo dritte dritten derde ucuncu третья
            третий третя третій الثالثة الثالثه ketiga treia three trois tres tre drei drie uc три
            """
        ),
        3,
    ),
    **dict.fromkeys(
        word_set(
            """
            fourth 4th quatrieme cuarta cuarto quarta quarto vierte vierde dorduncu четвертая четвертый четверта
            الرابعة الرابعه keempat patra
            """
        ),
        4,
    ),
    **dict.fromkeys(
        word_set(
            """
            fifth 5th cinquieme quinta quinto funfte vijfde besinci пятая пятый الخامسة الخامسه kelima
            """
        ),
        5,
    ),
}
# Acronyms of the field itself: they stand in hundreds of names ("… CTIP", "… THB").
COMMON_ACRONYMS = word_set(
    """
    tip ctip atip ctp thb ht cth aht csec csea ocse vot ngo ong un us usa uk eu ue tih tdp tp tsh tsk mou
    """
)
# Capitalised words that nearly every article about this field holds, in our languages: they tell no event from another.
EVERYWHERE = word_set(
    """
    iom oim unodc onudc un onu nations united unies unidas nacoes un's uns eu ue ec us usa u.s uk human trafficking
    persons international organization organisation migration office drugs crime government ministry minister ministre
    ministerio ministro ministerio state department union european europeenne europea europeia council europe women
    children girls police national republic president director general chief mission head project programme program
    ngo ngos ong ongs justice interior foreign affairs embassy ambassador monday tuesday wednesday thursday friday
    saturday sunday january february march april may june july august september october november december lundi mardi
    mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre
    novembre decembre lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio
    agosto septiembre octubre noviembre diciembre mr mrs ms dr the and for africa african asia asian world day
    americas american british
    """
)

# The first seven letters of names that are common in this news (in four stories or more of the labelled ones): sharing
# one says little, sharing another says much.
FREQUENT_MARKS = word_set(
    """
    develop social secreta commiss south foundat usaid agency act unicef federal central securit america interna
    coopera east west tip north new institu assista city associa trust washing investi committ unidos force
    univers monitor estados western county interpo communi home rights pacific health educati faso eur afrique
    gulf organiz law divisio bureau ilo etats task freedom crimina gender usd safe euro ivoire kingdom estado
    policia cote coordin facilit attorne operati smuggli border osce public departa justica unis save ctip
    beings deputy covid caribbe san caritas million affaire herzego convent referra ceo enforce refugee officer
    economi empower house unit migrant eastern indigen southea network society etat frauen kinder manager ouest
    prime republi york researc hope lake middle strateg report aid assembl welfare youth europol army salvati
    process civil red gobiern oit trabalh мом idaresi avrupa goc birligi teams betroff verein golfe represe tier
    mechani life one exploit high free john directo rescue region distric integra watch special policy violenc
    blue resourc work small undp inspect arab volunta publico jahre land ecpat solutio partner fondati fonds
    fundaci asean euros homelan traffic customs immigra latin control authori prosecu senate allianc workers
    judicia awarene memoran safety technic food vice federat sahel climate first court ecowas survivo bank unfpa
    democra ministe oficina migraci travail sao hilfe cfa out souther inc more trainin employm populat innovat
    google english narcoti large coaliti commerc legal month collabo help family member senior charge energy giz
    better arms iom's national project program minist trafic traite human
    """
)

# Words by which a headline says that something of the kind has happened before: not the same event again.
ANOTHER = word_set(
    """
    second third another again deuxieme troisieme segundo segunda tercer outro zweite weitere seconda ikinci
    doua kedua второй вторая другий друга
    """
)
