"""When two names or web addresses mean the same customer, and what their channel may be called."""

import re
import unicodedata
from urllib.parse import urlsplit

from slugify import slugify

_LEGAL_FORMS = {
    *("inc", "incorporated", "llc", "ltd", "limited", "plc", "corp", "corporation", "co", "company", "gmbh", "ag"),
    *("kg", "se", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "oy", "ab", "as", "aps", "pty", "pte", "kk"),
}
# Where many customers have a page or a mailbox; an address there tells none from another.
_SHARED_HOSTS = tuple(
    f".{host}"
    for host in (
        *("facebook.com", "github.com", "instagram.com", "linkedin.com", "sites.google.com", "x.com", "youtube.com"),
        *("aol.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "icloud.com"),
        *("live.com", "mail.ru", "me.com", "msn.com", "outlook.com", "proton.me", "protonmail.com", "qq.com"),
        *("t-online.de", "web.de", "yahoo.com", "yandex.ru"),
    )
)
_HOST = re.compile(r"(\w([\w-]*\w)?\.)+(?!\d+$)\w[\w-]*\w")  # `tbd`, `n.a.` and `10.0.0.1` are nobody's
_SILENT = frozenset(".'’")  # L.L.C. is LLC, and McDonald’s is McDonalds
_MAX_CHANNEL_NAME = 80
_MAX_KEY = 100  # what an index takes


def customer_key(name: str) -> str:
    """The name without case, accents, punctuation and legal form: `Payload, Inc.` and `payload` are one customer."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold())
    words = "".join(_letter(char) for char in folded).split()
    kept = [word for word in words if word not in _LEGAL_FORMS]
    if kept[-1:] == ["and"]:  # what "& Co." leaves
        kept.pop()
    return " ".join(kept or words) or " ".join(folded.split())


def _letter(char: str) -> str:
    """The character as it counts in a name; outside the Latin, Greek and Cyrillic accents a mark is a letter's half."""
    if char in _SILENT or "\u0300" <= char <= "\u036f":
        return ""
    return char if unicodedata.category(char)[0] in "LNM" else " "


def industry_key(industry: str) -> str:
    """An industry as it is compared: without case and superfluous spaces."""
    return " ".join(industry.casefold().split())[:_MAX_KEY]


def is_name(typed: str) -> bool:
    """Whether there is anything to read in it: spaces and invisible characters are no name."""
    return any(char.isprintable() and not char.isspace() for char in typed)


def web_address(typed: str) -> str:
    """With its scheme: `acme.com` is `https://acme.com`."""
    return typed if re.match(r"\w+:/", typed) else f"https://{typed}"


def web_domain(website: str) -> str:
    """The host of a web address without `www.`, or "" when there is none of its own."""
    try:
        host = urlsplit(web_address(website)).hostname or ""
    except ValueError:
        return ""
    host = host.removeprefix("www.").rstrip(".")
    return host if _HOST.fullmatch(host) and not f".{host}".endswith(_SHARED_HOSTS) else ""


def channel_name(prefix: str, customer: str, attempt: int = 1) -> str:
    """A name that Slack accepts (a-z 0-9 - _, at most 80) for the customer's channel; `attempt` 2 and up add it."""
    suffix = f"-{attempt}" if attempt > 1 else ""
    name = slugify(f"{prefix}{slugify(customer) or 'customer'}", regex_pattern=r"[^a-z0-9_-]+")
    return name[: _MAX_CHANNEL_NAME - len(suffix)].strip("-_") + suffix
