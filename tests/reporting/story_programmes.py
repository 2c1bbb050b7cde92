# ruff: noqa: E501
"""The sample's projects and programmes, told in three languages."""

from datetime import date

from tests.reporting.story import ENDED, RUNNING, UNITS, A, K, Programme, Project, T, V, people

PROJECTS_K = (
    Project("K-01", "Hiilineutraali 2030 -tiekartta|Färdplan för en koldioxidneutral stad 2030|Carbon-neutral 2030 roadmap", ("K1",), "green", RUNNING, (("Tiekartta|Färdplan|Roadmap", "2022-06-30", "2022-06-15", True), ("Väliarvio|Mellanutvärdering|Mid-term review", "2023-06-30", "2023-06-28", True), ("Siirtymäsuunnitelma|Övergångsplan|Transition plan", "2024-09-30", "2024-09-30", False)), partners=("Energiayhtiö|Energibolaget|The energy company",)),
    Project("K-02", "Fiksu arki -liikkumiskokeilut|Smart vardag, mobilitetsförsök|Smart everyday mobility trials", ("K2",), "amber", RUNNING, (("Alueiden valinta|Val av områden|Choice of areas", "2022-10-31", "2022-11-30", True), ("Kokeilut alkavat|Försöken inleds|Trials begin", "2023-03-31", "2023-08-15", True), ("Kolmas alue mukaan|Tredje området med|Third area joins", "2024-01-31", "2024-05-31", False)), kind="action", delivery="co_funding"),
    Project("K-03", "Kiertotalouden hankintamalli|Upphandlingsmodell för cirkulär ekonomi|Circular procurement model", ("K3",), "green", RUNNING, (("Ehtokirjasto|Villkorsbank|Library of clauses", "2022-12-31", "2022-12-20", True), ("Koulutukset|Utbildningar|Training", "2023-10-31", "2023-10-31", True), ("Pakolliseksi yli 60 000 euron hankinnoissa|Obligatoriskt i upphandlingar över 60 000 euro|Mandatory above 60,000 euros", "2024-06-30", "2024-06-30", False))),
    Project("K-04", "Monimuotoisuuden kohdeohjelma|Objektprogram för naturens mångfald|Biodiversity site programme", ("K4",), "amber", RUNNING, (("Kohteet valittu|Objekten valda|Sites chosen", "2022-09-30", "2022-10-15", True), ("Ensimmäinen rakennuskausi|Första byggsäsongen|First building season", "2023-06-30", "2023-07-31", True), ("Toinen rakennuskausi|Andra byggsäsongen|Second building season", "2023-11-30", "2024-05-31", False))),
    Project("K-05", "Aurinkovoimalat palvelukiinteistöihin|Solkraftverk i servicefastigheter|Solar plants on service buildings", ("K5",), "red", RUNNING, (("Kartoitus|Kartläggning|Survey", "2022-08-31", "2022-11-30", True), ("Hankintapäätös|Upphandlingsbeslut|Procurement decision", "2023-03-31", "2024-06-30", False), ("Asennukset 20 kohteessa|Installationer i 20 objekt|Installation at 20 sites", "2024-10-31", "2025-10-31", False)), delivery="funding", words="Päätöksestä on valitettu.|Beslutet har överklagats.|The decision has been appealed."),
    Project("K-06", "Energia- ja hiilidata avoimeksi|Öppna energi- och koldata|Open energy and carbon data", ("K1", "K5"), None, RUNNING, (("Rajapinta|Gränssnitt|Interface", "2023-05-31", "2023-05-31", True), ("Asukasnäkymä|Invånarvy|Residents' view", "2024-03-31", "2024-02-29", False))),
    Project("K-07", "Vihreä lippu kaikkialle|Grön flagg överallt|Green flags everywhere", ("K6",), "green", ENDED, (("60 yksikköä|60 enheter|60 units", "2022-12-31", "2023-01-31", True), ("90 yksikköä|90 enheter|90 units", "2025-05-31", "2023-10-12", True))),
    Project("K-08", "Jaetut tavarapyörät|Delade lastcyklar|Shared cargo bikes", ("K2",), None, ENDED, (), kind="pilot", pilot=("adopted", "Toimi: 410 käyttäjää, 31 % jätti automatkan|Fungerade: 410 användare, 31 % lät bli en bilresa|It worked: 410 users, 31% gave up a car trip", "Huolto kannattaa sopia yhdellä sopimuksella.|Servicen lönar det sig att avtala om i ett enda avtal.|One contract for all servicing pays off.", ("2023-11-21", 64), "Kaupunkitekniikan keskus|Centralen för stadsteknik|Urban Engineering Centre")),
    Project("K-09", "Robottipostilaatikot|Robotpostlådor|Robot letter boxes", ("K2",), None, ENDED, (), kind="pilot", pilot=("ended_without_adoption", "Ei toiminut: talvikäyttö katkesi toistuvasti|Fungerade inte: vinterdriften avbröts upprepade gånger|It failed: winter use kept breaking off", "Laitteet kestävät vain katetussa tilassa.|Utrustningen håller bara under tak.|The devices only last under cover.", None, "")),
    Project("K-10", "Purkumateriaalien kauppapaikka|Marknadsplats för rivningsmaterial|Marketplace for demolition material", ("K3",), "green", RUNNING, (), kind="pilot", pilot=("evaluated", "Toimi: 2 300 t uudelleen käyttöön|Fungerade: 2 300 t återanvändes|It worked: 2,300 t reused", "", None, "")),
)  # fmt: skip


def plain(
    code: str, name: str, serves: tuple[str, ...], standing: str | None = "green", moves=RUNNING, **more
) -> Project:
    return Project(code, name, serves, standing, moves, (("Suunnitelma|Plan|Plan", "2022-09-30", "2022-10-31", True), ("Käyttöönotto|Ibruktagande|Adoption", "2024-04-30", "2024-04-30", False)), **more)  # fmt: skip


PROJECTS_V = (
    plain("V-01", "Osaajien vastaanottopalvelu|Mottagningsservice för kompetens|Reception service for talent", ("V1",)),
    plain("V-02", "Yrityspalvelun yksi luukku|Företagsservice över en disk|One desk for businesses", ("V2", "V4"), moves=ENDED),
    plain("V-03", "Työllisyyden kuntakokeilu|Sysselsättningens kommunförsök|Municipal employment trial", ("V3",), "amber", unit=UNITS[2]),
    plain("V-04", "Keskusten elävöittäminen|Upplivning av centrumen|Reviving town centres", ("V6",), starts=date(2023, 10, 1), moves=(("running", date(2023, 10, 1), ""),)),
    plain("V-05", "Sijoittumispalvelun uudistus|Reform av etableringsservicen|Reform of the location service", ("V5",), moves=(*RUNNING, ("cancelled", date(2023, 9, 15), "Tehtävä siirtyi seudulliselle yhtiölle.|Uppgiften övergick till det regionala bolaget.|The task moved to the regional company."))),
)  # fmt: skip
PROJECTS_A = (
    plain("A-01", "Lähiöiden liikuntapolut|Motionsstigar i förorterna|Neighbourhood exercise paths", ("A2",)),
    plain("A-02", "Nuorten aloitekanava|Initiativkanal för unga|Young people's initiative channel", ("A6",), starts=date(2023, 11, 1), moves=(("planned", date(2023, 11, 1), ""),)),
    plain("A-03", "Kaverina koulussa|Kompis i skolan|A friend at school", ("A4", "A1"), "green"),
    plain("A-04", "Turvallisuuskävelyt|Trygghetsvandringar|Safety walks", ("A5", "A3"), "amber"),
)  # fmt: skip
PROJECTS_T = (
    plain("T-01", "Tapahtumaluvat yhdestä paikasta|Evenemangstillstånd från ett ställe|Event permits from one place", ("T2",), moves=ENDED),
    plain("T-02", "Kaupunginosien tapahtumatuki|Stöd till stadsdelsevenemang|Support for neighbourhood events", ("T1", "T5")),
    plain("T-03", "Vastuullisen tapahtuman malli|Modell för ansvarsfulla evenemang|Model for responsible events", ("T4", "T6"), "red"),
)  # fmt: skip

PROGRAMMES = (
    Programme(
        "V", "Virkeä Koivulahti|Livskraftiga Björkvik|Vibrant Koivulahti",
        "Ohjelma tekee kaupungista paikan, johon yritykset, osaajat ja investoinnit hakeutuvat, ja tuo työn lähelle asukkaita.|Programmet gör staden till en plats dit företag, kompetens och investeringar söker sig och för arbetet närmare invånarna.|The programme makes the city a place that businesses, talent and investment seek out, and brings work close to residents.",
        V, PROJECTS_V,
        (("appropriation", "", "1600000", "1420000"), ("external", "EU (EAKR)|EU (Eruf)|EU (ERDF)", "1500000", "720500.50"), ("external", "Työ- ja elinkeinoministeriö|Arbets- och näringsministeriet|Ministry of Economic Affairs", "600000", "410000")),
        (("Osaajapula rakentamisessa|Brist på kompetens i byggbranschen|Shortage of skills in construction", (4, 3), (4, 3), "Yhteinen koulutushaku seudun kanssa|Gemensam utbildningsansökan med regionen|Joint training call with the region"),),
        ("Yrittäjäyhdistys|Företagarföreningen|Entrepreneurs' association",),
        {"summary": "Yrityspalvelun vastausaika alitti tavoitteen. Investointipäätösten kertymä jäi polusta.|Företagsservicens svarstid underskred målet. Antalet investeringsbeslut släpar efter banan.|Business service response time beat its target. Investment decisions fell behind the path.", "priorities": "Keskusten elävöittäminen ja sijoittumispalvelun siirto seudulle.|Upplivningen av centrumen och överföringen av etableringsservicen till regionen.|Reviving the centres and moving the location service to the region."},
        people("Paikanpitäjä", 5), people("Esimerkki", 5), deputies=True,
    ),
    Programme(
        "A", "Hyvä arki Koivulahdessa|God vardag i Björkvik|Good everyday life in Koivulahti",
        "Ohjelma vahvistaa asukkaiden hyvinvointia, yhteisöjä ja turvallista arkea kaikilla alueilla.|Programmet stärker invånarnas välfärd, gemenskap och trygga vardag i alla områden.|The programme strengthens residents' wellbeing, communities and safe everyday life in every area.",
        A, PROJECTS_A,
        (("appropriation", "", "1250000", "980000"), ("external", "Opetus- ja kulttuuriministeriö|Undervisnings- och kulturministeriet|Ministry of Education and Culture", "640000", "388250")),
        (("Tiedonsaanti hyvinvointialueelta|Tillgång till välfärdsområdets uppgifter|Access to the wellbeing county's data", (4, 3), (4, 4), "Sopimus tiedonvaihdosta|Avtal om informationsutbyte|Agreement on data exchange"),),
        ("Hyvinvointialue|Välfärdsområdet|Wellbeing services county", "Seurakunnat|Församlingarna|Parishes"),
        {"summary": "Yksinäisyys väheni ja liikkuminen lisääntyi. Turvallisuuden tunnetta ei voitu mitata.|Ensamheten minskade och motionen ökade. Trygghetskänslan kunde inte mätas.|Loneliness declined and people moved more. The sense of safety could not be measured.", "priorities": "Tietoluvan saaminen ja nuorten aloitekanava.|Tillståndet att använda uppgifterna och de ungas initiativkanal.|The data permit and the young people's initiative channel.", "cooperation": "Työtä on tehty koulujen, seurojen ja hyvinvointialueen kanssa.|Arbetet har gjorts med skolor, föreningar och välfärdsområdet.|The work was done with schools, clubs and the wellbeing services county."},
        people("Paikanpitäjä", 5), people("Esimerkki", 5), deputies=True,
    ),
    Programme(
        "K", "Kestävä Koivulahti|Hållbara Björkvik|Sustainable Koivulahti",
        "Ohjelma tukee tavoitetta olla hiilineutraali vuoteen 2030 mennessä ja vahvistaa vihreää siirtymää, kiertotaloutta ja luontoarvoja yhdessä toimialojen, asukkaiden ja kumppanien kanssa.|Programmet stöder målet att vara koldioxidneutral senast 2030 och stärker den gröna omställningen, den cirkulära ekonomin och naturvärdena tillsammans med sektorerna, invånarna och partnerna.|The programme supports the goal of carbon neutrality by 2030 and strengthens the green transition, the circular economy and natural values together with sectors, residents and partners.",
        K, PROJECTS_K,
        (("appropriation", "", "1800000", "1610000"), ("external", "EU (Horisontti, EAKR)|EU (Horisont, Eruf)|EU (Horizon, ERDF)", "1920000", "1200000"), ("external", "Ympäristöministeriö|Miljöministeriet|Ministry of the Environment", "740000", "660000"), ("co_funding", "Yritykset ja säätiöt|Företag och stiftelser|Businesses and foundations", "410000", "350400"), ("own_work", "", "380000", "300000")),
        (("Aurinkovoimaloiden hankinta viivästyy oikeudessa|Upphandlingen av solkraftverk fördröjs i domstol|Solar procurement delayed in court", (4, 4), (5, 4), "Varasuunnitelma: vuokrattavat voimalat 8 kohteeseen|Reservplan: hyrda kraftverk till 8 objekt|Fallback: rented plants at 8 sites"), ("Bussilinjojen supistukset jatkuvat|Indragningarna av busslinjer fortsätter|Bus service cuts continue", None, (3, 4), "Neuvottelu liikenneviranomaisen kanssa|Förhandling med trafikmyndigheten|Talks with the transport authority"), ("Luontokohteiden urakoitsijoita ei ole riittävästi|Det finns för få entreprenörer för naturobjekten|Too few contractors for natural sites", (3, 3), (3, 3), "Kilpailutus kahdeksi kaudeksi|Konkurrensutsättning för två säsonger|Tender for two seasons")),
        ("Energiayhtiö|Energibolaget|The energy company", "Korkeakoulu|Högskolan|The university", "Asukasyhdistykset|Invånarföreningarna|Residents' associations"),
        {"summary": "Päästöt alenivat polkua nopeammin, mutta aurinkosähkön hankinta on pysähtynyt valitukseen.|Utsläppen minskade snabbare än banan, men upphandlingen av solel har stannat upp på grund av ett besvär.|Emissions fell faster than the path, but the solar procurement has stalled on an appeal.", "cooperation": "Toimialat ovat sopineet yhteisestä tavasta mitata kiertotaloutta.|Sektorerna har kommit överens om ett gemensamt sätt att mäta den cirkulära ekonomin.|The sectors have agreed on one way to measure the circular economy.", "priorities": "Aurinkosähkön varasuunnitelma, kolmas liikkumiskokeilu ja luontokohteiden toinen rakennuskausi.|Reservplanen för solel, det tredje mobilitetsförsöket och naturobjektens andra byggsäsong.|The fallback for solar power, the third mobility trial and the second season of natural sites.", "attention": "Aurinkosähkön tavoite siirtynee vuodella, jos valitusta ei ratkaista kevään aikana.|Målet för solel skjuts sannolikt upp ett år om besväret inte avgörs under våren.|The solar target will probably slip by a year unless the appeal is decided in spring."},
        (*people("Paikanpitäjä", 7), None, "Tuuli Esimerkki"), people("Esimerkki", 9),
    ),
    Programme(
        "T", "Tapahtumien Koivulahti|Evenemangens Björkvik|Koivulahti of events",
        "Ohjelma tuo tapahtumat lähelle asukkaita, helpottaa järjestäjien työtä ja tekee tapahtumista vastuullisia.|Programmet för evenemangen nära invånarna, underlättar arrangörernas arbete och gör evenemangen ansvarsfulla.|The programme brings events close to residents, eases the work of organisers and makes events responsible.",
        T, PROJECTS_T,
        (("appropriation", "", "800000", "880000"), ("co_funding", "Tapahtumajärjestäjät|Evenemangsarrangörer|Event organisers", "120000", "95000")),
        (("Tapahtumien turvallisuuskulut kasvavat|Evenemangens säkerhetskostnader ökar|Security costs of events grow", (3, 5), (3, 5), "Yhteinen turvallisuushankinta|Gemensam upphandling av säkerhet|Joint procurement of security"),),
        ("Tapahtumajärjestäjien verkosto|Evenemangsarrangörernas nätverk|Network of event organisers",),
        None,
        people("Paikanpitäjä", 5), people("Esimerkki", 5), deputies=True,
    ),
)  # fmt: skip
