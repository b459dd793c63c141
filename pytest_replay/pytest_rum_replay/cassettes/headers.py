"""Which headers are recorded.

Not recorded are headers that differ between recordings or describe a connection that a replay does not have: framing
and negotiation (`content-length`, `transfer-encoding`, `connection`, `host`, `user-agent`, `accept-encoding`…), the
route through the network (`date`, `server`, `via`, `cf-*`, `x-amz-*`, `x-envoy-*`…), ids of single requests
(`x-request-id`, `x-datadog-*`, `traceparent`…) and headers for browsers only (`strict-transport-security`…). All others
are: `content-type`, `x-ratelimit-*`, `retry-after`, `location` and unknown ones.
"""

from pytest_rum_replay.interaction import Headers

__all__ = ["NOISE", "NOISE_PREFIXES", "without_noise"]

NOISE = frozenset(
    {
        "accept-encoding",
        "age",
        "alt-svc",
        "connection",
        "content-length",
        "content-security-policy",
        "content-security-policy-report-only",
        "date",
        "dd-request-id",
        "host",
        "keep-alive",
        "nel",
        "proxy-connection",
        "report-to",
        "server",
        "server-timing",
        "strict-transport-security",
        "te",
        "traceparent",
        "tracestate",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
        "x-cache",
        "x-content-type-options",
        "x-correlation-id",
        "x-frame-options",
        "x-request-id",
        "x-served-by",
    }
)
NOISE_PREFIXES = ("cf-", "x-amz-", "x-amzn-", "x-datadog-", "x-envoy-")


def without_noise(headers: Headers) -> Headers:
    """The headers to record, in the same order."""
    return tuple((name, value) for name, value in headers if name not in NOISE and not name.startswith(NOISE_PREFIXES))
