using System.Net;

namespace SafeTools.Providers.Postgres;

/// <summary>What was seen of one place before any credential was shown.</summary>
internal sealed record EndpointSight(Endpoint Endpoint, Reached Reached)
{
    /// <summary>What its name means; none where that could not be found out, or where it is a local socket.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Whether it offers TLS; null where that was not asked.</summary>
    public bool? OffersTls { get; init; }

    /// <summary>Null where none was shown.</summary>
    public CertificateSight? Certificate { get; init; }

    /// <summary>TLS was offered and could not be agreed on.</summary>
    public bool TlsFailed { get; init; }

    /// <summary>Whether both lead to the same place.</summary>
    public bool IsSameAs(EndpointSight other) =>
        Endpoint == other.Endpoint || (Endpoint.Port == other.Endpoint.Port && Addresses.Intersect(other.Addresses).Any());
}
