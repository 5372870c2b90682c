"""Names of organisations in the reader's language, where the register knows which organisation is meant. Pure.

A project told in French and Arabic is run, for an English reader, by the International Organization for Migration.
Only bodies of many countries and the donors named most are here: others are called as their articles call them.
"""

from __future__ import annotations

import re

from alerts.i18n.phrases import say_country
from alerts.i18n.translator import Voice
from storage.register.merge.values import MergedClaim

# By the register's key of an organisation, the names they use themselves.
BODIES: dict[str, dict[str, str]] = {
    "@IOM": {
        "en": "International Organization for Migration (IOM)",
        "fr": "Organisation internationale pour les migrations (OIM)",
        "es": "Organización Internacional para las Migraciones (OIM)",
    },
    "@UNODC": {
        "en": "United Nations Office on Drugs and Crime (UNODC)",
        "fr": "Office des Nations Unies contre la drogue et le crime (ONUDC)",
        "es": "Oficina de las Naciones Unidas contra la Droga y el Delito (UNODC)",
    },
    "@ILO": {
        "en": "International Labour Organization (ILO)",
        "fr": "Organisation internationale du Travail (OIT)",
        "es": "Organización Internacional del Trabajo (OIT)",
    },
    "@UNHCR": {"en": "UN Refugee Agency (UNHCR)", "fr": "Agence des Nations Unies pour les réfugiés (HCR)",
               "es": "Agencia de la ONU para los Refugiados (ACNUR)"},
    "@UNDP": {
        "en": "United Nations Development Programme (UNDP)",
        "fr": "Programme des Nations Unies pour le développement (PNUD)",
        "es": "Programa de las Naciones Unidas para el Desarrollo (PNUD)",
    },
    "@UNFPA": {
        "en": "United Nations Population Fund (UNFPA)",
        "fr": "Fonds des Nations Unies pour la population (UNFPA)",
        "es": "Fondo de Población de las Naciones Unidas (UNFPA)",
    },
    "@UNICEF": {"en": "UNICEF", "fr": "UNICEF", "es": "UNICEF"},
    "@UNWOMEN": {"en": "UN Women", "fr": "ONU Femmes", "es": "ONU Mujeres"},
    "@UN": {"en": "United Nations", "fr": "Nations Unies", "es": "Naciones Unidas"},
    "@EU": {"en": "European Union", "fr": "Union européenne", "es": "Unión Europea"},
    "@COE": {"en": "Council of Europe", "fr": "Conseil de l'Europe", "es": "Consejo de Europa"},
    "@OSCE": {
        "en": "Organization for Security and Co-operation in Europe (OSCE)",
        "fr": "Organisation pour la sécurité et la coopération en Europe (OSCE)",
        "es": "Organización para la Seguridad y la Cooperación en Europa (OSCE)",
    },
    "@STATE": {
        "en": "US Department of State",
        "fr": "Département d'État des États-Unis",
        "es": "Departamento de Estado de Estados Unidos",
    },
    "@USDOL": {
        "en": "US Department of Labor",
        "fr": "Département du Travail des États-Unis",
        "es": "Departamento de Trabajo de Estados Unidos",
    },
    "@USAID": {
        "en": "US Agency for International Development (USAID)",
        "fr": "Agence des États-Unis pour le développement international (USAID)",
        "es": "Agencia de Estados Unidos para el Desarrollo Internacional (USAID)",
    },
}  # fmt: skip

GOVERNMENT = re.compile(r"@gov:([A-Z]{2})")


def say_body(voice: Voice, claim: MergedClaim) -> str:
    """The organisation of a claim as readers of this language call it; else as its article, or a person, wrote it."""
    if claim.is_by_person:
        return claim.shown
    if claim.value in BODIES:
        return BODIES[claim.value][voice.language]
    government = GOVERNMENT.fullmatch(claim.value)
    if government is not None:
        return voice.gettext("%(country)s (government)", country=say_country(voice, government[1]))
    return claim.shown
