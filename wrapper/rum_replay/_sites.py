"""Which host to talk to: one of Datadog's sites, by name, domain or a URL pasted from the browser, or any other host.

The nine sites and their hosts are those of Datadog's "Getting started with Datadog sites" page and of the API
pages' endpoint tables.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

import attrs

from ._errors import ConfigurationError

__all__ = ["SITES", "Site", "app_url", "base_url_origin", "resolve_base_url"]

BASE_URL_VARIABLE = "RUM_REPLAY_BASE_URL"
SITE_VARIABLES = ("DD_SITE", "DATADOG_SITE")
ENVIRONMENT_VARIABLES = (BASE_URL_VARIABLE, *SITE_VARIABLES)
"""The variables that say where the API is; the first one that is set and not empty counts."""


@attrs.frozen
class Site:
    """One of Datadog's sites."""

    name: str
    """The short name, such as `eu1`."""

    domain: str
    """What `DD_SITE` holds, such as `datadoghq.eu`."""

    app_host: str
    """The host of the web application, such as `app.datadoghq.eu`."""

    @property
    def api_url(self) -> str:
        """The base URL of the API, such as `https://api.datadoghq.eu`."""
        return f"https://api.{self.domain}"


SITES: tuple[Site, ...] = (
    Site("us1", "datadoghq.com", "app.datadoghq.com"),
    Site("us3", "us3.datadoghq.com", "us3.datadoghq.com"),
    Site("us5", "us5.datadoghq.com", "us5.datadoghq.com"),
    Site("eu1", "datadoghq.eu", "app.datadoghq.eu"),
    Site("ap1", "ap1.datadoghq.com", "ap1.datadoghq.com"),
    Site("ap2", "ap2.datadoghq.com", "ap2.datadoghq.com"),
    Site("uk1", "uk1.datadoghq.com", "uk1.datadoghq.com"),
    Site("us1-fed", "ddog-gov.com", "app.ddog-gov.com"),
    Site("us2-fed", "us2.ddog-gov.com", "us2.ddog-gov.com"),
)
_BY_NAME = {site.name: site for site in SITES}
_DOMAINS = frozenset(site.domain for site in SITES)
_OWN_NAMES = frozenset(domain.split(".")[-2] for domain in _DOMAINS)  # datadoghq and ddog-gov
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}\Z")
# Letters of other scripts, and digits, that look like the letters in the domains above.
_LOOK_ALIKES = str.maketrans(
    {
        look_alike: letter
        for letter, look_alikes in {
            "a": "4\u0430\u0251\u03b1\u237a",
            "c": "\u0441\u03f2\u1d04",
            "d": "\u0501\u0257\u0256\u217e\u056a",
            "e": "3\u0435\u0454\u04bd\u03b5\u0259",
            "g": "69\u0261\u0581\u0260\u050d",
            "h": "\u04bb\u0570\u0266\u0527\u045b\u0452",
            "k": "\u043a\u03ba\u0199",
            "m": "\u043c\u217f\u0271",
            "o": "0\u043e\u03bf\u0585\u0e50\u03c3\u0ae6\u0c66\u0ed0\u101d\u0d20\u06c1\u0665",
            "p": "\u0440\u03c1\u048f\u01a5",
            "q": "\u051b\u0563\u0566\u02a0",
            "s": "5\u0455\u01bd\ua731",
            "t": "7\u0442\u03c4\u04ad\u01ad\u1d1b",
            "u": "\u057d\u03c5\u0446\u1d1c",
            "v": "\u0475\u03bd\u1d20\u0474",
            "-": "\u2010\u2011\u2012\u2013\u02d7\u2212\u30fc",
        }.items()
        for look_alike in look_alikes
    }
)
_LATIN_LETTER = re.compile(r"LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL) (?:SCRIPT )?([A-Z])(?: WITH |$)")
_NEW_SITE_LABEL = re.compile(r"[a-z]{2}\d+\Z")


def resolve_base_url(site: str | None = None, base_url: str | None = None) -> str:
    """The base URL of the API, without a slash at the end.

    `site` is a short name (`eu1`), a site's domain (`datadoghq.eu`), a URL copied from the browser
    (`https://app.datadoghq.eu/rum/...`) or any other domain, whose API is then expected at `api.<domain>`.
    `base_url` is taken as it is, for proxies and test servers, and cannot be combined with `site`. Without both,
    RUM_REPLAY_BASE_URL (a base URL), then DD_SITE, then DATADOG_SITE decide; without those, it is us1.

    Raises ConfigurationError for a value that cannot be right, naming a similar one if there is one.
    """
    if base_url is not None:
        if site is not None:
            raise ConfigurationError("give either site or base_url, not both")
        return _checked_base_url(base_url, "base_url")
    if site is not None:
        return _from_site(site, "site")
    variable = base_url_origin()
    if variable is None:
        return _BY_NAME["us1"].api_url
    value = os.environ[variable].strip()
    return _checked_base_url(value, variable) if variable == BASE_URL_VARIABLE else _from_site(value, variable)


def base_url_origin() -> str | None:
    """The environment variable that decides where clients without `site` and `base_url` go; None if none is set."""
    return next((name for name in ENVIRONMENT_VARIABLES if os.environ.get(name, "").strip()), None)


def app_url(base_url: str) -> str:
    """Where the web application of an API's site is, such as `https://app.datadoghq.eu`.

    Raises ConfigurationError unless it is one of the documented sites: a proxy, an emulator and a site that opened
    after this release do not say where their web application is.
    """
    for site in SITES:
        if base_url == site.api_url:
            return f"https://{site.app_host}"
    raise ConfigurationError(
        f"the web application that belongs to {base_url} is not known; choose a site instead of a base URL, one of "
        f"{', '.join(_BY_NAME)}"
    )


def _from_site(site: str, origin: str) -> str:
    if not issubclass(type(site), str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(f"{origin} must be a string, not {type(site).__name__}")
    site = str.__str__(site)  # an exact string: subclasses may have ways of their own
    value = site.strip().lower()
    if not value:
        raise ConfigurationError(f"{origin} is empty; use a site such as 'us1' or 'datadoghq.eu'")
    if "://" in value or "/" in value:
        url = value if "://" in value else f"https://{value}"
        domain = _domain_of_app_url(_split(url, origin), origin)
    elif value in _BY_NAME:
        domain = _BY_NAME[value].domain
    else:
        domain = _site_domain(value)
    if domain in _DOMAINS or _is_datadogs(domain):
        return f"https://api.{domain}"
    if not _DOMAIN.match(domain):
        raise ConfigurationError(f"{origin}={site!r} is not a site{_suggestion(value)}")
    # A mistyped domain, or one that only looks like Datadog's, belongs to somebody else, who must not be sent the keys.
    if near := _resembled(domain):
        raise ConfigurationError(
            f"{origin}={site!r} is not a site of Datadog's; did you mean {near!r}? "
            f"If it is meant as it is, use base_url='https://api.{domain}'"
        )
    return f"https://api.{domain}"


def _domain_of_app_url(url: SplitResult, origin: str) -> str:
    if url.scheme != "https" or url.port is not None or url.username is not None:
        raise ConfigurationError(f"{origin} takes an https URL of Datadog's web application; use base_url for others")
    host = (url.hostname or "").rstrip(".")
    domain = _site_domain(host)
    if domain in _DOMAINS or _NEW_SITE_LABEL.match(domain.split(".")[0]):
        return domain
    # Organizations may have a subdomain of their own in front of the site's domain.
    owners = [known for known in _DOMAINS if domain.endswith("." + known)]
    return max(owners, key=len) if owners else domain


def _site_domain(host: str) -> str:
    for site in SITES:
        if host in (site.app_host, f"api.{site.domain}", f"app.{site.domain}"):
            return site.domain
    return host.removeprefix("app.").removeprefix("api.")


def _is_datadogs(domain: str) -> bool:
    """Whether the domain lies under one of the sites' own: a site that opened after this release."""
    return bool(_DOMAIN.match(domain)) and any(domain.endswith("." + known) for known in _DOMAINS)


def _resembled(domain: str) -> str | None:
    """The domain of Datadog's that another one could be taken for."""
    known = {_skeleton(one): one for one in _DOMAINS}
    looks_like = _skeleton(domain)
    cutoff = 0.0 if {_skeleton(name) for name in _OWN_NAMES}.intersection(looks_like.split(".")) else 0.87
    near = _near(looks_like, known.keys(), cutoff)
    return None if near is None else known[near]


def _skeleton(domain: str) -> str:
    """What a domain looks like at a glance, in ASCII as far as possible: that of two that look alike is the same."""
    return ".".join(_skeleton_of_label(label) for label in domain.split("."))


def _skeleton_of_label(label: str) -> str:
    import unicodedata

    if label.startswith("xn--"):
        try:
            label = label.removeprefix("xn--").encode().decode("punycode")
        except UnicodeError:
            return label  # no browser or resolver would show it otherwise
    plain = ""
    for character in unicodedata.normalize("NFKD", label).lower().translate(_LOOK_ALIKES):
        latin = _LATIN_LETTER.match(unicodedata.name(character, ""))
        plain += latin[1].lower() if latin else "" if unicodedata.combining(character) else character
    return plain


def _near(value: str, known: Collection[str], cutoff: float) -> str | None:
    import difflib

    return next(iter(difflib.get_close_matches(value, known, n=1, cutoff=cutoff)), None)


def _suggestion(value: str) -> str:
    near = _near(value, _BY_NAME.keys() | _DOMAINS, cutoff=0.5)
    hint = f"; did you mean {near!r}?" if near else "."
    return f"{hint} Known are {', '.join(_BY_NAME)}, their domains, and any other domain with a dot in it"


def _split(url: str, origin: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is not a number
    except ValueError as error:
        reason = str(error)
    else:
        return parts
    raise ConfigurationError(f"{origin} is not a URL: {reason}")


def _checked_base_url(base_url: str, origin: str) -> str:
    if not issubclass(type(base_url), str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(f"{origin} must be a string, not {type(base_url).__name__}")
    base_url = str.__str__(base_url)
    url = base_url.strip()
    parts = _split(url, origin)
    if "@" in (parts.netloc or url):
        # The value is not repeated: it holds a password.
        raise ConfigurationError(f"{origin} must not hold a user name or password")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(f"{origin}={base_url!r} must be a whole URL such as 'https://api.datadoghq.com'")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ConfigurationError(f"{origin}={base_url!r} holds characters that a URL cannot have")
    if "?" in url or "#" in url:
        raise ConfigurationError(f"{origin}={base_url!r} must have no query or fragment")
    if not _can_be_looked_up(parts.hostname):
        raise ConfigurationError(f"{origin}={base_url!r}: no HTTP client can be set up for this name of a host")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ConfigurationError(
            f"{origin}={base_url!r} would send the credentials unencrypted; plain http is for this machine alone"
        )
    return url.rstrip("/")


def _can_be_looked_up(host: str) -> bool:
    try:
        host.encode("idna")  # refuses empty labels and those beyond 63 characters, as DNS does
    except UnicodeError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine: localhost, 127.0.0.0/8 or ::1.

    Names below `.localhost` are reserved for it as well, but not every resolver knows that, and keys are at stake.
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
