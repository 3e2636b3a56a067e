using System.Collections.Concurrent;

namespace SafeTools;

/// <summary>
/// The accepted policy as this process serves it. Reads it again when its number grows, verifies the whole chain of acceptances each time,
/// and remembers what it has verified: a chain that does not continue it is a forged or replaced store.
/// </summary>
internal sealed class Catalog(IStore store, PolicyLoader loader, Func<Policy?> files) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly ConcurrentDictionary<long, string> _ledger = new();
    private Loaded _loaded = new([], null);
    private Refusal? _distrust;

    /// <summary>What holds now.</summary>
    /// <exception cref="StoreException">The store or its policy cannot be trusted; nothing may run.</exception>
    public async Task<Standing> Standing(CancellationToken cancellationToken)
    {
        if (_distrust is { } distrust)
        {
            throw new StoreException(distrust);
        }

        var stored = await store.Standing(cancellationToken).ConfigureAwait(false);
        var loaded = _loaded;
        if (stored.Epoch != loaded.Chain.Count)
        {
            loaded = await Load(stored.Epoch, cancellationToken).ConfigureAwait(false);
        }

        Believe(stored.Ledger, loaded.Chain);
        var policy = loaded.Policy ?? (loaded.Chain.Count == 0 ? files() : null) ?? throw new StoreException(RefusalCatalog.NotAcceptedYet.Because("There is neither an accepted policy nor a valid one in the files."));
        return new Standing(policy, loaded.Chain.Count, FreezeLedger.Of(store.Id, stored.Ledger, loaded.Chain), stored.Now);
    }

    /// <summary>From now on nothing runs: somebody found that the store was edited.</summary>
    public void Distrust(Refusal why) => _distrust = why;

    /// <summary>The newest accepted policy that this process has read and verified; null before genesis, and before the first <see cref="Standing"/>.</summary>
    public AcceptedPolicy? Newest => _loaded.Chain.Count == 0 ? null : _loaded.Chain[^1];

    /// <summary>The tool and principal behind a call, bound; or the refusal. Ungranted and unknown tools refuse alike.</summary>
    public static Refusal? Bind(Call call, Standing standing, out Action? action)
    {
        action = null;
        var principal = standing.Policy.Principals.GetValueOrDefault(call.Principal);
        var tool = standing.Policy.Tools.GetValueOrDefault(call.Tool);
        if (principal is null || tool is null || !Offers(principal, tool, standing))
        {
            return RefusalCatalog.UnknownTool.Because("Unknown tool.");
        }

        if (ArgumentBinder.Bind(tool, call.Arguments, out var arguments, out var reason) is { } refusal)
        {
            return refusal;
        }

        action = new Action { Id = Identifier.NewAction(), Principal = principal, Tool = tool, Operation = tool.Operation, Arguments = arguments, Reason = reason };
        return null;
    }

    /// <summary>Whether tools/list shows it.</summary>
    public static bool Offers(Principal principal, ToolSpec tool, Standing standing) =>
        principal.MaySee(tool) && (standing.Epoch > 0 || tool.Effect == Effect.Read);

    /// <summary>Who does what a read says comes next: a tool counts only where tools/list shows it to the asker.</summary>
    public static NextStep? Next(Action asked, Execution.Done done, Standing standing) => done.NextOperation is not { } operation
        ? null
        : new NextStep(
            operation,
            asked.Tool.Resource.Name,
            standing.Policy.Tools.Values
                .Where(tool => tool.Operation.Name == operation && tool.Resource.Name == asked.Tool.Resource.Name && Offers(asked.Principal, tool, standing))
                .Select(tool => tool.Name)
                .Min(StringComparer.Ordinal));

    public void Dispose() => _loading.Dispose();

    /// <summary>
    /// Holds the ledger against itself (each entry's hash), against what this process has seen of it, and the policies' rows against it: a policy or
    /// a freeze does not end because a row is gone.
    /// </summary>
    private void Believe(IReadOnlyList<AuditEntry> ledger, IReadOnlyList<AcceptedPolicy> chain)
    {
        var hashes = ledger.ToDictionary(entry => entry.Sequence, entry => entry.Hash);
        if (ledger.Any(entry => AuditChain.HashOf(entry) != entry.Hash) || _ledger.Any(seen => hashes.GetValueOrDefault(seen.Key) != seen.Value))
        {
            throw new StoreException(RefusalCatalog.AuditBroken.Because("The entries about policies and freezes were edited."));
        }

        if (!PolicyVerifier.Told(ledger).SequenceEqual(chain.Select(policy => (policy.Epoch, policy.Digest))))
        {
            throw new StoreException(RefusalCatalog.PolicyNotSigned.Because("The accepted policies are not those that the audit tells of."));
        }

        foreach (var (sequence, hash) in hashes)
        {
            _ledger.TryAdd(sequence, hash);
        }
    }

    private async Task<Loaded> Load(int epoch, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_loaded.Chain.Count == epoch)
            {
                return _loaded;
            }

            var chain = await store.Policies(cancellationToken).ConfigureAwait(false);
            var known = _loaded.Chain;
            if (chain.Count < known.Count || known.Where((policy, index) => policy.Digest != chain[index].Digest).Any())
            {
                throw new StoreException(RefusalCatalog.PolicyNotSigned.Because("The accepted policy in the store is not a continuation of the one that was served."));
            }

            _loaded = new Loaded(chain, chain.Count == 0 ? null : Read(chain));
            return _loaded;
        }
        finally
        {
            _loading.Release();
        }
    }

    private Policy Read(IReadOnlyList<AcceptedPolicy> chain)
    {
        try
        {
            if (PolicyVerifier.Verify(store.Id, chain) is { } fault)
            {
                throw new StoreException(fault);
            }

            return loader.Load(PolicyDocument.Source(chain[^1].Document), out var problems)
                ?? throw new StoreException(RefusalCatalog.PolicyOfAnotherVersion.Because($"The accepted policy says what this version of SafeTools does not understand ({problems.Count} faults)."));
        }
        catch (FormatException fault)
        {
            throw new StoreException(RefusalCatalog.PolicyNotSigned.Because("The accepted policy in the store is malformed."), fault);
        }
    }

    private sealed record Loaded(IReadOnlyList<AcceptedPolicy> Chain, Policy? Policy);
}
