using System.Text.RegularExpressions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.ConformanceHost;

/// <summary>A resource, or a template with one {id}, that a suite asks for by address.</summary>
internal sealed class FixtureResource(string address, string type, Func<string, ResourceContents> read) : McpServerResource
{
    private readonly Regex _address = new("^" + Regex.Escape(address).Replace("\\{id}", "[^/]+", StringComparison.Ordinal) + "$");

    public override ResourceTemplate ProtocolResourceTemplate { get; } = new() { UriTemplate = address, Name = address, MimeType = type };

    public override IReadOnlyList<object> Metadata => [];

    public override bool IsMatch(string uri) => _address.IsMatch(uri);

    public override ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new ReadResourceResult { Contents = [read(request.Params.Uri)] });
}
