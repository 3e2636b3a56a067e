using System.Text.Json.Nodes;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Contracts;

/// <summary>A credential on real infrastructure that works until a test breaks it.</summary>
internal abstract class DiagnosedCredential : IAsyncDisposable
{
    private int _actions;

    /// <summary>Of this process; another one after <see cref="Restart"/>.</summary>
    public abstract IProvider Provider { get; }

    /// <summary>The clock of the provider.</summary>
    public abstract FakeClock Clock { get; }

    public abstract OperationRequest Request { get; }

    /// <summary>By the kind of finding that must tell it: what breaks the credential so.</summary>
    public abstract IReadOnlyDictionary<string, Func<Task>> Breaks { get; }

    /// <summary>Those of them after which it must not be used any more.</summary>
    public abstract IReadOnlyList<string> Dangers { get; }

    /// <summary>Every value that the credential ever had, whole and in telling parts.</summary>
    public abstract IReadOnlyList<string> NeverShown { get; }

    /// <summary>How often the infrastructure was shown the credential, by its own count.</summary>
    public abstract int Attempts { get; }

    /// <summary>What a diagnosis must leave as it was: the infrastructure, and where the secret lies.</summary>
    public abstract string Everything();

    /// <summary>As after the end of the process: what the provider remembers is what it wrote down.</summary>
    public abstract void Restart();

    public async Task<Execution.Done> Look(OperationRequest? request = null)
    {
        request ??= Request;
        var provider = Provider;
        var seen = (await provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Seen>().Subject.Preview;
        seen.Item.Kind.Should().Be("credential");
        var ticket = new Ticket($"contract-{Interlocked.Increment(ref _actions)}", request, seen.Fingerprint);
        return (await provider.Execute(ticket, new Progress<ProviderProgress>(), CancellationToken.None)).Should().BeOfType<Execution.Done>("a diagnosis answers whatever is broken").Subject;
    }

    public static IReadOnlyList<JsonObject> Findings(Execution.Done done) => [.. done.Data["findings"]!.AsArray().Select(found => found!.AsObject())];

    public static string Verdict(Execution.Done done) => done.Data["verdict"]!.GetValue<string>();

    public abstract ValueTask DisposeAsync();
}
