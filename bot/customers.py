"""When two names or web addresses mean the same customer, and what their channel may be called."""

import re
import unicodedata
from urllib.parse import urlsplit

from slugify import slugify

_LEGAL_FORMS = {
    *("inc", "incorporated", "llc", "ltd", "limited", "plc", "corp", "corporation", "co", "company", "gmbh", "ag"),
    *("kg", "se", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "oy", "ab", "as", "aps", "pty", "pte", "kk"),
}
_MAX_CHANNEL_NAME = 80


def customer_key(name: str) -> str:
    """The name without case, accents, punctuation and legal form: `Payload, Inc.` and `payload` are one customer."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(r"\w+", "".join(char for char in folded if not unicodedata.combining(char)))
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(kept or words) or folded.strip()


def web_domain(website: str) -> str:
    """The host of a web address without `www.`, or "" when there is none."""
    try:
        host = urlsplit(website if "://" in website else f"https://{website}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")


def channel_name(prefix: str, customer: str, attempt: int = 1) -> str:
    """A name that Slack accepts (a-z 0-9 - _, at most 80) for the customer's channel; `attempt` 2 and up add it."""
    suffix = f"-{attempt}" if attempt > 1 else ""
    name = slugify(f"{prefix}{slugify(customer) or 'customer'}", regex_pattern=r"[^a-z0-9_-]+")
    return name[: _MAX_CHANNEL_NAME - len(suffix)].strip("-_") + suffix
