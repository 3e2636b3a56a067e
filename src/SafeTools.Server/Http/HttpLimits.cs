namespace SafeTools.Server.Http;

/// <summary>What HTTP clients may take, all together and each principal. Tests choose smaller ones.</summary>
internal sealed record HttpLimits
{
    /// <summary>Of one message, in bytes; as over standard input.</summary>
    public int Body { get; init; } = 1024 * 1024;

    /// <summary>Of all header lines of one request, in bytes.</summary>
    public int Headers { get; init; } = 16 * 1024;

    /// <summary>Header lines of one request.</summary>
    public int HeaderLines { get; init; } = 64;

    /// <summary>From a request's first byte to the end of its headers.</summary>
    public TimeSpan HeadersTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes a second below which a body that still comes, or an answer that nobody reads, is given up.</summary>
    public double Rate { get; init; } = 240;

    /// <summary>How long a body or an answer may be slower than <see cref="Rate"/>.</summary>
    public TimeSpan RateGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may be open without a request.</summary>
    public TimeSpan IdleConnection { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Connections of all clients; one more is closed without a word.</summary>
    public int Connections { get; init; } = 1024;

    /// <summary>Requests of one principal that are being worked on.</summary>
    public int RequestsOfOne { get; init; } = 64;

    /// <summary>Streams of one principal that wait for news.</summary>
    public int StreamsOfOne { get; init; } = 64;

    /// <summary>Sessions of one principal, and of all.</summary>
    public int SessionsOfOne { get; init; } = 64;

    /// <inheritdoc cref="SessionsOfOne"/>
    public int Sessions { get; init; } = 256;

    /// <summary>After which a session that nobody used ends.</summary>
    public TimeSpan IdleSession { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>After which a request is given up. Tools have their own, shorter limits; this one is for what none of them bounds.</summary>
    public TimeSpan LongestRequest { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>After which a stream that waits for news ends; the client opens another.</summary>
    public TimeSpan LongestStream { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a server that was asked to stop waits for the requests that it works on.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(20);
}
