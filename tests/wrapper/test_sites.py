from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rum_replay import ConfigurationError, ReplayClient
from rum_replay._sites import SITES, is_loopback, resolve_base_url

from .replay_driver import Driver
from .replay_samples import CONTRACT, item_response

DOMAINS = {
    "us1": "datadoghq.com",
    "us3": "us3.datadoghq.com",
    "us5": "us5.datadoghq.com",
    "eu1": "datadoghq.eu",
    "ap1": "ap1.datadoghq.com",
    "ap2": "ap2.datadoghq.com",
    "uk1": "uk1.datadoghq.com",
    "us1-fed": "ddog-gov.com",
    "us2-fed": "us2.ddog-gov.com",
}
APP_HOSTS = {
    **DOMAINS,
    "us1": "app.datadoghq.com",
    "eu1": "app.datadoghq.eu",
    "us1-fed": "app.ddog-gov.com",
}


def in_punycode(domain: str) -> str:
    """A domain as it arrives from a browser's address bar."""
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in domain.split(".")
    )


def test_sites_match_the_contract_in_order() -> None:
    server = CONTRACT["servers"][0]
    assert server["url"] == "https://api.{site}"
    assert [site.domain for site in SITES] == server["variables"]["site"]["enum"]
    assert [site.name for site in SITES] == list(DOMAINS)
    assert len(SITES) == 9


def test_default_site_is_that_of_the_contract() -> None:
    assert resolve_base_url() == "https://api." + CONTRACT["servers"][0]["variables"]["site"]["default"]


@pytest.mark.parametrize("name", DOMAINS)
def test_site_may_be_given_as_name_domain_host_or_pasted_url(name: str) -> None:
    site = next(site for site in SITES if site.name == name)
    expected = f"https://api.{DOMAINS[name]}"
    assert (site.domain, site.app_host, site.api_url) == (DOMAINS[name], APP_HOSTS[name], expected)
    for given_site in (
        name,
        name.upper(),
        f"  {name}\n",
        site.domain,
        site.domain.upper(),
        f"api.{site.domain}",
        f"app.{site.domain}",
        site.app_host,
        f"https://{site.app_host}",
        f"https://{site.app_host}/rum/replay/sessions/abc?seed=1&from=2#top",
        f"https://app.{site.domain}/rum/",
        f"https://api.{site.domain}/api/v2/rum/replay/playlists",
        f"https://acme.{site.domain}/dashboard/lists",
        f"https://acme-eu.{site.domain}/rum/replay/playlists",
    ):
        assert resolve_base_url(given_site) == expected, given_site


@pytest.mark.parametrize("site", ["app.datadoghq.eu/rum/sessions", "https://app.datadoghq.eu./rum", "datadoghq.eu/"])
def test_app_url_may_lack_a_scheme_or_have_a_trailing_dot(site: str) -> None:
    assert resolve_base_url(site) == "https://api.datadoghq.eu"


def test_unknown_datadog_site_may_be_given_as_domain_or_url() -> None:
    for given_site in ("us7.datadoghq.com", "https://us7.datadoghq.com/rum", "api.us7.datadoghq.com"):
        assert resolve_base_url(given_site) == "https://api.us7.datadoghq.com"


@pytest.mark.parametrize(
    "site",
    ["xn--mnchen-3ya.example", "xn--e1afmkfd.xn--p1ai", "xn--a.com", "staging.example.org", "proxy.internal.example"],
)
def test_api_host_of_any_other_domain_is_its_api_subdomain(site: str) -> None:
    assert resolve_base_url(site) == f"https://api.{site}"


@pytest.mark.parametrize(
    ("site", "meant"),
    [
        ("us2", "us"),
        ("eu", "eu1"),
        ("ap3", "ap"),
        ("usl", "us"),
        ("us1_fed", "us1-fed"),
        ("datadoghq", "datadoghq"),
        ("datadog.com", "datadoghq.com"),
        ("datadoghq.co", "datadoghq.com"),
        ("datadoghq.org", "datadoghq.com"),
        ("datadoghq.io", "datadoghq."),
        ("datadoghq.co.uk", "datadoghq.com"),
        ("us5.datadoghq.net", "us5.datadoghq.com"),
        ("ddog-gov.org", "ddog-gov.com"),
        ("datadohgq.eu", "datadoghq.eu"),
        ("us3.datadogqh.com", "us3.datadoghq.com"),
        ("https://app.datadoqhq.com/rum", "datadoghq.com"),
        ("datad0g.com", "datadoghq.com"),
        ("dat4d0gh9.com", "datadoghq.com"),
        ("us3.datad0ghq.com", "us3.datadoghq.com"),
        (in_punycode("d\u0430tadoghq.com"), "datadoghq.com"),
        (in_punycode("\u0501\u0430t\u0430\u0501\u043e\u0261\u04bb\u051b.com"), "datadoghq.com"),
        (in_punycode("\u056a\u0430t\u0430\u056a\u0585\u0581\u0570\u0566.com"), "datadoghq.com"),
        (in_punycode("d\u00e1t\u00e1doghq.com"), "datadoghq.com"),
        (in_punycode("us3.d\u1ea1tadoghq.com"), "us3.datadoghq.com"),
        (in_punycode("\u0111atadoghq.eu"), "datadoghq.eu"),
        (in_punycode("\u1d05atadoghq.eu"), "datadoghq.eu"),
        (in_punycode("datadoghq.\u0441\u043em"), "datadoghq.com"),
        (in_punycode("dd\u03bfg-gov.com"), "ddog-gov.com"),
        (in_punycode("ddog\u2011gov.com"), "ddog-gov.com"),
        (in_punycode("d\u0430tadog.com"), "datadoghq.com"),
        ("https://app." + in_punycode("datado\u0261hq.com") + "/rum/replay", "datadoghq.com"),
    ],
)
def test_near_miss_is_rejected_with_a_suggestion(site: str, meant: str) -> None:
    with pytest.raises(ConfigurationError, match=f"did you mean '{meant}") as caught:
        resolve_base_url(site)
    assert site in str(caught.value)


def test_error_for_a_near_miss_of_a_domain_says_how_to_use_it_anyway() -> None:
    with pytest.raises(ConfigurationError, match=r"use base_url='https://api\.datadog\.com'"):
        resolve_base_url("datadog.com")


@pytest.mark.parametrize("site", ["", "   "])
def test_error_for_an_empty_site_says_what_a_site_is(site: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^site is empty; use a site such as 'us1' or 'datadoghq\.eu'$"):
        resolve_base_url(site)


@pytest.mark.parametrize("site", ["nowhere", "a b.com", "-.com", "datadoghq..com", "xn--", "münchen.de"])
def test_error_for_an_invalid_site_lists_the_known_ones(site: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^site='{site}' is not a site.* Known are us1, us3, us5, eu1"):
        resolve_base_url(site)


@pytest.mark.parametrize(
    "url",
    [
        "http://app.datadoghq.eu/rum",
        "ftp://app.datadoghq.eu",
        "https://app.datadoghq.eu:8443/rum",
        "https://me:pw@app.datadoghq.eu/rum",
        "https://app.datadoghq.eu:port/",
        "https://[app.datadoghq.eu/",
        "https://",
    ],
)
def test_url_that_is_not_of_the_web_application_is_rejected_as_a_site(url: str) -> None:
    with pytest.raises(ConfigurationError):
        resolve_base_url(url)


def test_domain_that_only_resembles_a_site_is_not_mistaken_for_one() -> None:
    assert resolve_base_url("https://app.notreallydatadoghq.com.example/") == (
        "https://api.notreallydatadoghq.com.example"
    )


def test_argument_takes_precedence_over_environment_and_dd_over_datadog_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATADOG_SITE", "us5")
    assert resolve_base_url() == "https://api.us5.datadoghq.com"
    monkeypatch.setenv("DD_SITE", " datadoghq.eu ")
    assert resolve_base_url() == "https://api.datadoghq.eu"
    assert resolve_base_url("ap1") == "https://api.ap1.datadoghq.com"
    assert resolve_base_url(base_url="https://proxy.example/dd") == "https://proxy.example/dd"


def test_base_url_variable_takes_precedence_over_sites_and_arguments_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_SITE", "datadoghq.eu")
    monkeypatch.setenv("RUM_REPLAY_BASE_URL", " http://127.0.0.1:8080/ ")
    assert resolve_base_url() == "http://127.0.0.1:8080"
    assert resolve_base_url("ap1") == "https://api.ap1.datadoghq.com"
    assert resolve_base_url(base_url="https://proxy.example/dd") == "https://proxy.example/dd"
    monkeypatch.setenv("RUM_REPLAY_BASE_URL", " ")
    assert resolve_base_url() == "https://api.datadoghq.eu"


@pytest.mark.parametrize(
    "value",
    [
        "127.0.0.1:8080",
        "datadoghq.eu",
        "http://192.168.0.7:8080",
        "http://api.datadoghq.com",
        "https://proxy.example/?a=1",
        "https://proxy.example:port",
        "https://proxy..example",
        "https://user:password@proxy.example",
        "user:password@proxy.example",
    ],
)
def test_error_for_an_invalid_base_url_variable_names_it(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUM_REPLAY_BASE_URL", value)
    with pytest.raises(ConfigurationError, match=r"\ARUM_REPLAY_BASE_URL\b") as raised:
        resolve_base_url()
    assert "password@" not in str(raised.value)


def test_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_SITE", " ")
    monkeypatch.setenv("DATADOG_SITE", "eu1")
    assert resolve_base_url() == "https://api.datadoghq.eu"


@pytest.mark.parametrize("variable", ["DD_SITE", "DATADOG_SITE"])
def test_error_for_an_invalid_variable_names_it(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "eu9x")
    with pytest.raises(ConfigurationError, match=f"{variable}='eu9x' is not a site"):
        resolve_base_url()


def test_empty_explicit_site_does_not_fall_back_to_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_SITE", "eu1")
    with pytest.raises(ConfigurationError, match="site is empty"):
        resolve_base_url("")


def test_site_and_base_url_are_mutually_exclusive() -> None:
    with pytest.raises(ConfigurationError, match="not both"):
        resolve_base_url("us1", "https://api.datadoghq.com")


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://proxy.example", "https://proxy.example"),
        ("https://proxy.example/datadog///", "https://proxy.example/datadog"),
        (" https://proxy.example:8443/ ", "https://proxy.example:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://127.9.8.7", "http://127.9.8.7"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_base_url_is_used_without_surrounding_space_and_trailing_slashes(base_url: str, expected: str) -> None:
    assert resolve_base_url(base_url=base_url) == expected


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.datadoghq.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://128.0.0.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://[::2]",
        "http://notlocalhost",
    ],
)
def test_plain_http_is_allowed_for_loopback_only(base_url: str) -> None:
    with pytest.raises(ConfigurationError, match="unencrypted"):
        resolve_base_url(base_url=base_url)


def test_password_in_a_base_url_is_rejected_without_being_quoted() -> None:
    for url in ("https://me:s3cr3t-pw@proxy.example", "https://s3cr3t-pw@proxy.example", "http://127.0.0.1@s3cr3t-pw"):
        with pytest.raises(ConfigurationError) as caught:
            resolve_base_url(base_url=url)
        assert "s3cr3t-pw" not in repr(caught.value)


@pytest.mark.parametrize(
    ("base_url", "message"),
    [
        ("", "must be a whole URL such as"),
        ("proxy.example", "must be a whole URL such as"),
        ("/path", "must be a whole URL such as"),
        ("ftp://proxy.example", "must be a whole URL such as"),
        ("https://", "must be a whole URL such as"),
        ("https:///path", "must be a whole URL such as"),
        ("https://proxy.example?x=1", "must have no query or fragment"),
        ("https://proxy.example#x", "must have no query or fragment"),
        ("https://proxy.example?", "must have no query or fragment"),
        ("https://proxy.example/x/#", "must have no query or fragment"),
        ("https://pro xy.example", "characters that a URL cannot have"),
        ("https://pro\nxy.example", "characters that a URL cannot have"),
        ("https://pröxy.example", "characters that a URL cannot have"),
        ("https://proxy.example:99999", "is not a URL: Port out of range"),
        ("https://[::1", "is not a URL: Invalid IPv6 URL"),
    ],
)
def test_error_for_an_invalid_base_url_says_what_is_wrong(base_url: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^base_url.*{message}"):
        resolve_base_url(base_url=base_url)


def test_values_of_the_wrong_type_raise_our_own_error() -> None:
    with pytest.raises(ConfigurationError, match="site must be a string, not int"):
        resolve_base_url(1)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="base_url must be a string, not bytes"):
        resolve_base_url(base_url=b"https://x")  # type: ignore[arg-type]


def test_is_loopback() -> None:
    assert all(map(is_loopback, ["localhost", "127.0.0.1", "127.255.255.254", "::1"]))
    assert not any(
        map(is_loopback, ["", "example.com", "126.0.0.1", "0.0.0.0", "::", "localhost.example", "api.localhost"])
    )


URLISH = st.one_of(
    st.text(),
    st.from_regex(r"https?://[a-z0-9.:\[\]@%\-]{0,30}(/[a-z]{0,5})?", fullmatch=True),
    st.tuples(st.sampled_from(["https://", "http://", "", "//"]), st.text()).map("".join),
    st.tuples(st.text(max_size=5), st.sampled_from(list(DOMAINS.values())), st.text(max_size=5)).map("".join),
)


@given(value=URLISH)
def test_any_text_resolves_or_raises_a_configuration_error(value: str) -> None:
    choices: list[dict[str, Any]] = [{"site": value}, {"base_url": value}]
    for arguments in choices:
        try:
            url = resolve_base_url(**arguments)
        except ConfigurationError:
            continue
        assert url.startswith(("https://", "http://", "HTTPS://", "HTTP://"))
        assert not url.endswith("/")
        assert url.isascii()


@given(value=URLISH)
def test_any_text_gives_a_working_client_or_a_configuration_error(value: str) -> None:
    driver = Driver("sync")
    choices: list[dict[str, Any]] = [{"site": value}, {"base_url": value}]
    for arguments in choices:
        try:
            client = driver.open(lambda _: item_response(), **arguments)
        except ConfigurationError:
            continue
        assert client.playlists.get(1).id == "48213"
    driver.close()


@pytest.mark.parametrize("base_url", ["https://1.2.3.999", "https://xn--a.example"])
def test_host_rejected_by_the_http_library_is_a_configuration_error(driver: Driver, base_url: str) -> None:
    with pytest.raises(ConfigurationError):
        driver.open(lambda _: item_response(), base_url=base_url)
    with pytest.raises(ConfigurationError):
        driver.open(base_url)


@pytest.mark.parametrize(("given", "suggested"), [("euro", "eu1"), ("abcdefgh", None), ("ux", None)])
def test_a_site_is_suggested_if_half_of_it_is_right(given: str, suggested: str | None) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ReplayClient(site=given, api_key="a", app_key="b")
    assert ("did you mean" in str(caught.value)) is (suggested is not None)
    assert f"did you mean {suggested!r}?" in str(caught.value) or suggested is None
