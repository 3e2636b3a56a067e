using System.Collections.Concurrent;
using System.Security.Cryptography;
using SafeTools.Server.Cli;
using SafeTools.Server.Keys;
using SafeTools.Server.Serving;

namespace SafeTools.IntegrationTests.Support;

/// <summary>An approver with a throwaway key, who signs in this process on the same store; the command line's terminal is tested apart.</summary>
internal sealed class Human : IDisposable
{
    /// <summary>A canary: it must never be found anywhere but in the hands that type it.</summary>
    public const string Passphrase = "nine seconds canary 7Q";

    /// <summary>Locking and unlocking take half a second each, on purpose; a person has one key for all the tests.</summary>
    private static readonly ConcurrentDictionary<string, (LockedKey Locked, ECParameters Key)> Keys = new(StringComparer.Ordinal);

    private readonly Workspace _workspace;
    private readonly Signer _signer;

    private Human(Workspace workspace, Signer signer) => (_workspace, _signer) = (workspace, signer);

    /// <summary>Makes a key and names it in safetools.yaml; it counts once that is accepted.</summary>
    public static Human Enrol(Workspace workspace, string name = "dana")
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var approver = new Approver(name, P256PublicKey.Of(key), [Approver.Everything]);
        ApproverLines.Add(workspace.ConfigurationFile, approver).Should().BeTrue();
        return new Human(workspace, new Signer(approver, key));
    }

    /// <summary>As <see cref="Enrol"/>, and the key lies locked in the state folder, so that the person can sign at a terminal too.</summary>
    public static Human EnrolWithKeyFile(Workspace workspace, string name = "dana")
    {
        var (locked, key) = Keys.GetOrAdd(name, MakeKey);
        KeyFolder.Add(workspace.Locations.Keys, locked).Should().BeTrue();
        var approver = new Approver(name, locked.PublicKey, [Approver.Everything]);
        ApproverLines.Add(workspace.ConfigurationFile, approver).Should().BeTrue();
        return new Human(workspace, new Signer(approver, ECDsa.Create(key)));
    }

    public static async Task<Human> GenesisWithKeyFile(Workspace workspace)
    {
        var human = EnrolWithKeyFile(workspace);
        (await human.Accept()).Should().BeNull();
        return human;
    }

    /// <summary>Enrols the first approver and accepts the first policy.</summary>
    public static async Task<Human> Genesis(Workspace workspace)
    {
        var human = Enrol(workspace);
        (await human.Accept()).Should().BeNull();
        return human;
    }

    public Task<Refusal?> Accept() => With(runtime => Signing.Accept(runtime, PolicyDocument.Of(runtime.Files!), _signer, CancellationToken.None));

    public Task<Judged> Decide(string id, Verdict verdict = Verdict.Approve) => With(async runtime =>
        await Signing.Decide(runtime, (await runtime.Store.Get(id, CancellationToken.None))!, verdict, null, _signer, CancellationToken.None));

    public async Task Approve(string id)
    {
        var judged = await Decide(id);
        judged.Refusal.Should().BeNull();
        judged.Status.Should().Be(ActionStatus.Approved);
    }

    public void Dispose() => _signer.Dispose();

    private static (LockedKey Locked, ECParameters Key) MakeKey(string name)
    {
        var locked = LockedKey.Create(name, Passphrase);
        using var key = locked.Unlock(Passphrase)!;
        return (locked, key.ExportParameters(includePrivateParameters: true));
    }

    private async Task<T> With<T>(Func<Runtime, Task<T>> work)
    {
        var runtime = await Runtime.Open(_workspace.Locations, TimeProvider.System, (_, _) => { }, CancellationToken.None);
        await using var _ = runtime;
        return await work(runtime);
    }
}
