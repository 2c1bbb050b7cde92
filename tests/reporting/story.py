# ruff: noqa: E501
"""The story behind the sample: an invented city, its programmes, targets, projects and people, in three languages."""

from dataclasses import dataclass, field
from datetime import date

REPORTS = (date(2022, 6, 30), date(2022, 12, 31), date(2023, 6, 30), date(2023, 12, 31))
TITLE = (
    "Poikkihallinnollisten kehitysohjelmien seurantaraportti"
    "|Uppföljningsrapport om de förvaltningsövergripande utvecklingsprogrammen"
    "|Progress report on the cross-administrative development programmes"
)
PROPOSAL = (
    "Kaupunginhallitus ehdottaa, että valtuusto merkitsee tiedoksi liitteenä olevat poikkihallinnollisten"
    " kehitysohjelmien seurantaraportit 2023."
    "|Stadsstyrelsen föreslår att fullmäktige antecknar för kännedom de bifogade uppföljningsrapporterna om de"
    " förvaltningsövergripande utvecklingsprogrammen 2023."
    "|The City Board proposes that the Council note the annexed progress reports of the cross-administrative"
    " development programmes for 2023."
)
WISHES = (
    "Valtuusto toivoo, että ohjelmien taloudellinen vaikuttavuus arvioidaan vuosittain."
    "|Fullmäktige önskar att programmens ekonomiska genomslag bedöms årligen."
    "|The Council wishes the economic effectiveness of the programmes to be assessed every year.",
    "Valtuusto toivoo, että nuorten kokemus turvallisuudesta mitataan kaikissa ohjelmissa."
    "|Fullmäktige önskar att de ungas upplevelse av trygghet mäts i alla program."
    "|The Council wishes young people's experience of safety to be measured in every programme.",
)
ANSWER = (
    "Arvio sisältyy tästä raportista alkaen ohjelmien rahoitustaulukoihin."
    "|Bedömningen ingår i programmens finansieringstabeller från och med denna rapport."
    "|From this report on the assessment is part of the programmes' funding tables."
)
UNITS = (
    "Kaupunkiympäristön toimiala|Stadsmiljösektorn|Urban Environment Sector",
    "Kasvun ja oppimisen toimiala|Sektorn för fostran och lärande|Growth and Learning Sector",
    "Elinvoiman toimiala|Livskraftssektorn|Economic Vitality Sector",
    "Konserniesikunta|Koncernstaben|Group Administration",
)
GOALS = {
    "g1": ("Elinvoima|Livskraft|Vitality", "Yritykset menestyvät ja työ löytyy läheltä|Företagen har framgång och arbete finns nära|Businesses thrive and work is close by"),
    "g2": ("Hyvinvointi|Välfärd|Wellbeing", "Asukkaat voivat hyvin|Invånarna mår bra|Residents are well"),
    "g3": ("Kestävä kehitys|Hållbar utveckling|Sustainable development", "Hiilineutraali kaupunki 2030|En koldioxidneutral stad 2030|A carbon-neutral city by 2030"),
}  # fmt: skip
SDGS = {
    3: "Terveyttä ja hyvinvointia|God hälsa och välbefinnande|Good health and well-being",
    4: "Hyvä koulutus|God utbildning för alla|Quality education",
    7: "Edullista ja puhdasta energiaa|Hållbar energi för alla|Affordable and clean energy",
    8: "Ihmisarvoista työtä ja talouskasvua|Anständiga arbetsvillkor och ekonomisk tillväxt|Decent work and economic growth",
    11: "Kestävät kaupungit ja yhteisöt|Hållbara städer och samhällen|Sustainable cities and communities",
    12: "Vastuullista kuluttamista|Hållbar konsumtion och produktion|Responsible consumption and production",
    13: "Ilmastotekoja|Bekämpa klimatförändringarna|Climate action",
    15: "Maanpäällinen elämä|Ekosystem och biologisk mångfald|Life on land",
}
START = date(2022, 2, 21)


@dataclass(frozen=True)
class Target:
    code: str
    title: str
    indicator: str
    unit: str
    decimals: int
    baseline: str | None
    target: str | None
    values: tuple[str | None, ...]
    kind: str = "reach"
    direction: str = "up"
    interval: int = 6
    goal: str = "g1"
    sdgs: tuple[int, ...] = (11,)
    note: str = ""
    since: date = START
    ended: date | None = None
    ended_because: str = ""
    late: date | None = None
    restated: tuple[date, str, str, str, str] | None = None
    recorded: dict[date, date] = field(default_factory=dict)
    lower: str | None = None
    upper: str | None = None
    group_size: int | None = None
    rubric: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Project:
    code: str
    name: str
    serves: tuple[str, ...]
    standing: str | None
    moves: tuple[tuple[str, date, str], ...]
    milestones: tuple[tuple[str, str, str, bool], ...] = ()
    kind: str = "project"
    delivery: str = "own_work"
    words: str = ""
    starts: date = date(2022, 5, 2)
    ends: date = date(2025, 5, 31)
    unit: str = UNITS[0]
    partners: tuple[str, ...] = ()
    pilot: tuple | None = None


@dataclass(frozen=True)
class Programme:
    code: str
    name: str
    aim: str
    targets: tuple[Target, ...]
    projects: tuple[Project, ...]
    money: tuple[tuple[str, str, str, str], ...]
    risks: tuple[tuple, ...]
    partners: tuple[str, ...]
    update: dict[str, str] | None
    elected: tuple[str | None, ...]
    officials: tuple[str | None, ...]
    deputies: bool = False


def people(kind: str, n: int) -> tuple[str, ...]:
    """Names that are plainly placeholders."""
    firsts = ("Aino", "Mikael", "Oona", "Petri", "Linnéa", "Samuli", "Noor", "Eero", "Tuuli")
    return tuple(f"{first} {kind}" for first in firsts[:n])


RUNNING = (("running", date(2022, 5, 2), ""),)
ENDED = (*RUNNING, ("ended", date(2023, 10, 31), "Työ valmistui ja siirtyi linjaan.|Arbetet slutfördes och övergick till linjeorganisationen.|The work was completed and handed over to the line organisation."))  # fmt: skip

V = (
    Target(
        "V1",
        "Paras paikka osaajille|Bästa platsen för kompetens|The best place for talent",
        "Kansainvälisten osaajien muuttovoitto vuodessa|Flyttningsöverskott av internationell kompetens per år|Net in-migration of international talent per year",
        "henkilöä|personer|persons",
        0,
        "2140",
        "3200",
        ("2270", "2420", "2570", "2722"),
        sdgs=(8,),
        restated=(
            date(2022, 12, 31),
            "2445",
            "2023-10-04",
            "Tilastoviranomainen tarkensi muuttotiedon.|Statistikmyndigheten preciserade flyttningsuppgifterna.|The statistics authority revised its migration figures.",
            "Elinvoiman toimiala|Livskraftssektorn|Economic Vitality Sector",
        ),
    ),
    Target(
        "V2",
        "Yrittäminen on helppoa|Det är lätt att vara företagare|Starting a business is easy",
        "Yritysten nettolisäys 1 000 asukasta kohden|Nettoökning av företag per 1 000 invånare|Net increase in businesses per 1,000 residents",
        "kpl|st.|businesses",
        1,
        "5.2",
        "7.0",
        ("5.4", "5.4", "5.7", "6.4"),
        sdgs=(8,),
    ),
    Target(
        "V3",
        "Työ ja tekijät kohtaavat|Arbete och arbetstagare möts|Jobs and workers meet",
        "Avoimet työpaikat työtöntä kohden|Lediga arbetsplatser per arbetslös|Vacancies per unemployed person",
        "suhde|förhållande|ratio",
        2,
        "0.42",
        "0.60",
        ("0.45", "0.49", "0.51", "0.53"),
        sdgs=(8,),
    ),
    Target(
        "V4",
        "Palvelu on yrityksille nopea|Servicen till företag är snabb|Service to businesses is quick",
        "Yrityspalvelun vastausaika, mediaani|Företagsservicens svarstid, median|Business service response time, median",
        "vrk|dygn|days",
        1,
        "4.2",
        "2.0",
        ("3.9", "3.1", "2.4", "1.8"),
        direction="down",
        sdgs=(8,),
    ),
    Target(
        "V5",
        "Investoinnit sijoittuvat kaupunkiin|Investeringar placeras i staden|Investments come to the city",
        "Päätökset uusista toimipaikoista, kertymä|Beslut om nya verksamhetsställen, ackumulerat|Decisions on new premises, cumulative",
        "kpl|st.|decisions",
        0,
        "0",
        "30",
        ("6", "12", "18", "17"),
        sdgs=(8,),
        note="Kaksi sijoituspäätöstä peruuntui syksyllä.|Två etableringsbeslut återkallades under hösten.|Two location decisions were withdrawn in the autumn.",
    ),
    Target(
        "V6",
        "Keskukset ovat vireitä|Centrumen är livliga|Town centres are lively",
        "Tyhjien liiketilojen osuus|Andel tomma affärslokaler|Share of vacant shop premises",
        "%|%|%",
        1,
        "9.8",
        "7.0",
        (None, None, None, "8.2"),
        direction="down",
        since=date(2023, 11, 20),
    ),
)
A = (
    Target(
        "A1",
        "Yhteisöllisyys vahvistuu|Gemenskapen stärks|Community spirit grows",
        "Alueensa toimintaan osallistuvat asukkaat|Invånare som deltar i verksamhet i sitt område|Residents taking part in their neighbourhood",
        "%|%|%",
        1,
        "24.1",
        "32.0",
        ("25.0", "26.2", "27.5", "28.8"),
        goal="g2",
        sdgs=(3, 11),
    ),
    Target(
        "A2",
        "Liikkuminen lisääntyy|Motionen ökar|People move more",
        "Terveytensä kannalta riittävästi liikkuvat aikuiset|Vuxna som rör sig tillräckligt för sin hälsa|Adults active enough for their health",
        "%|%|%",
        1,
        "41.3",
        "48.0",
        ("42.1", "43.0", "44.2", "45.1"),
        goal="g2",
        sdgs=(3,),
    ),
    Target(
        "A3",
        "Alueet eivät eriydy|Områdena segregeras inte|Areas do not segregate",
        "Alueindeksin suurin ero|Största skillnaden i områdesindex|Largest gap in the area index",
        "indeksi|index|index",
        2,
        "0.38",
        "0.30",
        ("0.37", "0.37", "0.36", "0.35"),
        direction="down",
        goal="g2",
    ),
    Target(
        "A4",
        "Yksinäisyys vähenee|Ensamheten minskar|Loneliness declines",
        "Itsensä yksinäiseksi tuntevat 8.-luokkalaiset|Elever i årskurs 8 som känner sig ensamma|Year 8 pupils who feel lonely",
        "%|%|%",
        1,
        "14.6",
        "10.0",
        (None, "13.4", None, "11.9"),
        direction="down",
        goal="g2",
        sdgs=(3,),
    ),
    Target(
        "A5",
        "Arki on turvallista|Vardagen är trygg|Everyday life is safe",
        "Asuinalueensa turvalliseksi kokevat|Andel som upplever sitt bostadsområde som tryggt|Residents who find their area safe",
        "%|%|%",
        1,
        "82.0",
        "88.0",
        ("82.6", "83.5", None, None),
        goal="g2",
        sdgs=(3, 11),
        note="Tietolupa kyselyn tuloksiin puuttuu; luku saadaan kesällä 2024.|Tillståndet att använda enkätresultaten saknas; siffran fås sommaren 2024.|The permit to use the survey results is missing; the figure comes in summer 2024.",
    ),
    Target(
        "A6",
        "Nuorten ääni kuuluu|De ungas röst hörs|Young people are heard",
        "Nuorten aloitteista käsitelty määräajassa|Ungas initiativ behandlade inom utsatt tid|Young people's initiatives handled on time",
        "%|%|%",
        0,
        "58",
        "90",
        (None, None, None, "76"),
        goal="g2",
        sdgs=(4,),
        since=date(2023, 11, 20),
    ),
    Target(
        "A7",
        "Kuntoutukseen pääsee ajoissa|Rehabilitering fås i tid|Rehabilitation comes in time",
        "Kuntoutukseen kolmessa kuukaudessa päässeet|Andel som fått rehabilitering inom tre månader|Clients given rehabilitation within three months",
        "%|%|%",
        0,
        "61",
        "85",
        ("64", "66", "67", None),
        goal="g2",
        sdgs=(3,),
        ended=date(2023, 9, 30),
        ended_because="Tehtävä siirtyi hyvinvointialueelle; seuranta jatkuu sen raportissa.|Uppgiften övergick till välfärdsområdet; uppföljningen fortsätter i dess rapport.|The task moved to the wellbeing services county, whose report continues the follow-up.",
    ),
)
K = (
    Target(
        "K1",
        "Kaupungin päästöt pienenevät|Stadens utsläpp minskar|The city's emissions shrink",
        "Kasvihuonekaasupäästöt vuodessa|Växthusgasutsläpp per år|Greenhouse gas emissions per year",
        "1 000 t CO₂-ekv.|1 000 t CO₂-ekv.|1,000 t CO₂ eq.",
        0,
        "1024",
        "640",
        ("981", "925", "852", "771"),
        direction="down",
        goal="g3",
        sdgs=(7, 13),
        note="Kaukolämmön polttoaineiden vaihto vei päästöt polun alapuolelle.|Bränslebytet i fjärrvärmen förde utsläppen under banan.|New fuels for district heating took emissions below the path.",
    ),
    Target(
        "K2",
        "Arki on kestävämpää|Vardagen blir hållbarare|Everyday life is more sustainable",
        "Kestävien kulkutapojen osuus matkoista|Andel resor med hållbara färdsätt|Share of trips by sustainable modes",
        "%|%|%",
        1,
        "50.3",
        "58.0",
        ("51.2", "51.6", "52.4", "53.1"),
        goal="g3",
        sdgs=(11, 13),
        note="Bussiliikenteen supistukset hidastivat kasvua kahdella alueella.|Indragningar i busstrafiken bromsade ökningen i två områden.|Cuts in bus services slowed growth in two areas.",
    ),
    Target(
        "K3",
        "Kiertotalous leviää hankintoihin|Cirkulär ekonomi i upphandlingen|Circular economy in procurement",
        "Kiertotalousehto hankintojen arvosta|Andel av upphandlingens värde med villkor för cirkulär ekonomi|Share of procurement value with a circular-economy clause",
        "%|%|%",
        1,
        "12.0",
        "40.0",
        (None, "19.4", "23.1", "28.9"),
        goal="g3",
        sdgs=(12,),
        restated=(
            date(2023, 6, 30),
            "25.6",
            "2023-11-09",
            "Kaksi puitesopimusta oli laskettu kahdesti.|Två ramavtal hade räknats två gånger.|Two framework agreements had been counted twice.",
            "Hankintakeskus|Upphandlingscentralen|Procurement Centre",
        ),
        note="Kesän luku korjattiin.|Sommarens siffra rättades.|The summer figure was corrected.",
    ),
    Target(
        "K4",
        "Luonto monimuotoistuu|Naturen blir mångsidigare|Nature diversifies",
        "Kunnostetut luontokohteet, kertymä|Restaurerade naturobjekt, ackumulerat|Restored natural sites, cumulative",
        "ha|ha|ha",
        0,
        "0",
        "120",
        (None, "31", "52", "58"),
        goal="g3",
        sdgs=(15,),
        late=date(2023, 6, 30),
        note="Syksyn kohteista kolme siirtyi kevääseen 2024.|Tre av höstens objekt flyttades till våren 2024.|Three of the autumn's sites moved to spring 2024.",
    ),
    Target(
        "K5",
        "Uusiutuva energia kasvaa|Den förnybara energin ökar|Renewable energy grows",
        "Aurinkosähkön teho kaupungin kiinteistöissä|Solelseffekt i stadens fastigheter|Solar power capacity on city property",
        "MWp|MWp|MWp",
        1,
        "1.8",
        "9.0",
        ("2.6", "2.8", "3.2", "3.2"),
        goal="g3",
        sdgs=(7,),
        note="Hankinta on markkinaoikeudessa; asennukset voivat alkaa aikaisintaan 6/2024.|Upphandlingen är i marknadsdomstolen; installationerna kan börja tidigast 6/2024.|The procurement is before the Market Court; installation can begin in 6/2024 at the earliest.",
    ),
    Target(
        "K6",
        "Kestävyys kuuluu oppimiseen|Hållbarhet hör till lärandet|Sustainability is part of learning",
        "Sertifioidut koulut ja päiväkodit|Certifierade skolor och daghem|Certified schools and day-care centres",
        "kpl|st.|units",
        0,
        "38",
        "90",
        ("45", "58", "77", "92"),
        goal="g3",
        sdgs=(4, 13),
        note="Tavoite ylittyi 17 kuukautta etuajassa.|Målet överskreds 17 månader i förväg.|The target was passed 17 months early.",
    ),
)
RUBRIC = (("1", "satunnainen|tillfällig|occasional", "off_track"), ("2", "sovittu|överenskommen|agreed", "at_risk"), ("3", "vakiintunut|etablerad|established", "met"))  # fmt: skip
T = (
    Target("T1", "Tapahtumat tulevat lähelle|Evenemangen kommer nära|Events come close", "Kaupunginosatapahtumat vuodessa|Stadsdelsevenemang per år|Neighbourhood events per year", "kpl|st.|events", 0, "64", "110", ("70", "81", "88", "96")),
    Target("T2", "Lupa tapahtumalle nopeasti|Evenemangstillstånd snabbt|Event permits quickly", "Tapahtumaluvan käsittelyaika, mediaani|Handläggningstid för evenemangstillstånd, median|Event permit handling time, median", "vrk|dygn|days", 0, "24", "10", ("17", "10", "9", "9"), direction="down"),
    Target("T3", "Tapahtumat tuovat toimeentuloa|Evenemangen ger utkomst|Events bring income", "Tapahtumien matkailutulo vuodessa|Turistinkomster av evenemang per år|Tourism income from events per year", "milj. €|mn €|€ million", 1, "18.4", "30.0", ("19.8", "21.4", "21.6", "20.9")),
    Target("T4", "Tapahtumat ovat vastuullisia|Evenemangen är ansvarsfulla|Events are responsible", "Ympäristösertifioidut suuret tapahtumat|Miljöcertifierade stora evenemang|Large events with an environmental certificate", "%|%|%", 0, "10", "60", ("15", "16", "17", "18"), sdgs=(12,)),
    Target("T5", "Tapahtumat eivät häiritse|Evenemangen stör inte|Events do not disturb", "Aiheelliset meluilmoitukset vuodessa|Befogade bulleranmälningar per år|Justified noise complaints per year", "kpl|st.|complaints", 0, "40", "40", ("38", "36", "39", "37"), kind="keep_at_most", direction="none"),
    Target("T6", "Yhteistyö vakiintuu|Samarbetet etableras|Cooperation takes root", "Yhteistyön taso järjestäjien kanssa|Nivån på samarbetet med arrangörerna|Level of cooperation with organisers", "taso|nivå|level", 0, "1", "3", ("1", "2", "2", "3"), kind="qualitative", rubric=RUBRIC),
)  # fmt: skip
