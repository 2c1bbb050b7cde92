"""The United Nations' seventeen Sustainable Development Goals by their official short names."""

from typing import NamedTuple


class Name(NamedTuple):
    """The short name in the three languages."""

    fi: str
    sv: str
    en: str


SDGS: dict[int, Name] = {
    1: Name("Ei köyhyyttä", "Ingen fattigdom", "No Poverty"),
    2: Name("Ei nälkää", "Ingen hunger", "Zero Hunger"),
    3: Name("Terveyttä ja hyvinvointia", "God hälsa och välbefinnande", "Good Health and Well-being"),
    4: Name("Hyvä koulutus", "God utbildning för alla", "Quality Education"),
    5: Name("Sukupuolten tasa-arvo", "Jämställdhet", "Gender Equality"),
    6: Name("Puhdas vesi ja sanitaatio", "Rent vatten och sanitet för alla", "Clean Water and Sanitation"),
    7: Name("Edullista ja puhdasta energiaa", "Hållbar energi för alla", "Affordable and Clean Energy"),
    8: Name(
        "Ihmisarvoista työtä ja talouskasvua",
        "Anständiga arbetsvillkor och ekonomisk tillväxt",
        "Decent Work and Economic Growth",
    ),
    9: Name(
        "Kestävää teollisuutta, innovaatioita ja infrastruktuureja",
        "Hållbar industri, innovationer och infrastruktur",
        "Industry, Innovation and Infrastructure",
    ),
    10: Name("Eriarvoisuuden vähentäminen", "Minskad ojämlikhet", "Reduced Inequalities"),
    11: Name("Kestävät kaupungit ja yhteisöt", "Hållbara städer och samhällen", "Sustainable Cities and Communities"),
    12: Name(
        "Vastuullista kuluttamista", "Hållbar konsumtion och produktion", "Responsible Consumption and Production"
    ),
    13: Name("Ilmastotekoja", "Bekämpa klimatförändringarna", "Climate Action"),
    14: Name("Vedenalainen elämä", "Hav och marina resurser", "Life Below Water"),
    15: Name("Maanpäällinen elämä", "Ekosystem och biologisk mångfald", "Life on Land"),
    16: Name(
        "Rauha, oikeudenmukaisuus ja hyvä hallinto",
        "Fredliga och inkluderande samhällen",
        "Peace, Justice and Strong Institutions",
    ),
    17: Name("Yhteistyö ja kumppanuus", "Genomförande och globalt partnerskap", "Partnerships for the Goals"),
}
