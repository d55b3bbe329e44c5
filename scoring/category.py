"""The five categories and their sub-types: stable keys, labels are translated elsewhere."""

from enum import StrEnum


class Category(StrEnum):
    """What kind of risk an entry reports; an entry may bear several."""

    SECURITY = "security"
    POLITICAL = "political"
    LEGAL = "legal"
    FINANCIAL = "financial"
    REPUTATIONAL = "reputational"


CATEGORIES: tuple[Category, ...] = tuple(Category)

SUBTYPES: dict[str, Category] = {
    key: category
    for category, keys in {
        Category.SECURITY: (
            "armed_conflict terrorism violent_crime kidnapping unrest piracy cyber natural_hazard epidemic accident"
        ),
        Category.POLITICAL: (
            "coup regime_change election governance_failure protest_strike policy_reversal diplomatic mobilisation"
        ),
        Category.LEGAL: "sanctions regulation litigation asset_freeze enforcement labour_visa tax_customs",
        Category.FINANCIAL: (
            "capital_control currency sovereign_debt banking inflation trade_barrier supply_disruption"
        ),
        Category.REPUTATIONAL: (
            "hostile_narrative boycott labour_dispute environment corruption product_safety community_opposition"
        ),
    }.items()
    for key in keys.split()
}
