"""Money as integers of minor units, and the text of it; how many decimals a currency has (ISO 4217)."""

from decimal import Decimal
from typing import TYPE_CHECKING

from oppcli.model.said import Money

if TYPE_CHECKING:
    from fractions import Fraction

EXPONENTS = dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0) | (
    dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
)
"""Every other currency has two decimals."""

CURRENCIES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG".split()
)

LARGEST = 10**17
"""Minor units; above it sums of many deals would leave 64 bits."""


def exponent(currency: str) -> int:
    """Decimals of the currency: 2 for most, 0 for JPY, 3 for KWD."""
    return EXPONENTS.get(currency, 2)


def to_major(minor: int, currency: str) -> Decimal:
    """`to_major(80000050, "CNY")` is `Decimal("800000.50")`."""
    return Decimal(minor).scaleb(-exponent(currency))


def to_minor(major: Decimal, currency: str) -> int:
    """`to_minor(Decimal("800000.50"), "CNY")` is 80000050: the way back. What is less than a minor unit is cut off."""
    return int(major.scaleb(exponent(currency)))


def half_up(value: "Fraction") -> int:
    """To a whole number, a half away from 0."""
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -whole if value < 0 else whole


def plain(minor: int, currency: str) -> str:
    """As machines read it: `800000.50`, always with the currency's decimals."""
    digits = exponent(currency)
    if not digits:
        return str(minor)
    sign, rest = ("-" if minor < 0 else ""), f"{abs(minor):0{digits + 1}d}"
    return f"{sign}{rest[:-digits]}.{rest[-digits:]}"


def shown(minor: int, currency: str) -> Money:
    """As people read it: `CNY 800,000.50`."""
    return Money(f"{currency} {bare(minor, currency)}", minor, currency)


def bare(minor: int, currency: str) -> str:
    """The same without the currency, where that is told beside it: `800,000.50`."""
    whole, _, cents = plain(abs(minor), currency).partition(".")
    return f"{'-' if minor < 0 else ''}{int(whole):,}{'.' + cents if cents else ''}"
