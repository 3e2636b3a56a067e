using System.Globalization;

namespace SafeTools;

/// <summary>What accepting a policy would change, in lines for the human who signs: the loosening first. Pure.</summary>
internal static class PolicyChanges
{
    /// <summary>One difference.</summary>
    /// <param name="Loosens">Gives somebody more than before, or may do so.</param>
    internal sealed record Change(bool Loosens, string Text);

    /// <param name="before">Null for the first acceptance.</param>
    public static IReadOnlyList<Change> Between(Policy? before, Policy after)
    {
        var changes = new List<Change>();
        Environments(before?.Environments ?? EnvironmentMap.Standard, after.Environments, changes);
        Resources(before?.Resources ?? new Dictionary<string, Resource>(), after.Resources, changes);
        Approvers(before?.Approvers ?? [], after.Approvers, changes);
        Principals(before?.Principals ?? new Dictionary<string, Principal>(), after.Principals, changes);
        Tools(before?.Tools ?? new Dictionary<string, ToolSpec>(), after.Tools, changes);
        Rules(before?.Rules ?? new PolicyRules(), after.Rules, changes);
        if (before is not null && before.Source.BaseFolder != after.Source.BaseFolder)
        {
            changes.Add(new Change(true, "the files were moved to another folder; relative paths mean other places"));
        }

        if (before is not null && changes.Count == 0 && PolicyDocument.Of(before) != PolicyDocument.Of(after))
        {
            // Whoever signs must not be told that nothing changes unless nothing does.
            changes.Add(before.Source.Meaning() == after.Source.Meaning()
                ? new Change(false, "only comments and layout")
                : new Change(true, "something that has no line of its own here; compare the files before you sign"));
        }

        return [.. changes.OrderByDescending(change => change.Loosens)];
    }

    /// <summary>Counts as loosening whichever way it goes: a name is written in grants, where a stricter meaning gives more, and found in evidence, where a milder one does.</summary>
    private static void Environments(EnvironmentMap before, EnvironmentMap after, List<Change> changes)
    {
        foreach (var name in before.OwnNames.Union(after.OwnNames).Order(StringComparer.Ordinal))
        {
            var (old, now) = (before.Resolve(name), after.Resolve(name));
            if (old != now)
            {
                changes.Add(new Change(true, $"the environment {name} means {now.Word()} (was {old.Word()})"));
            }
        }
    }

    private static void Resources(IReadOnlyDictionary<string, Resource> before, IReadOnlyDictionary<string, Resource> after, List<Change> changes)
    {
        foreach (var resource in after.Values.OrderBy(resource => resource.Name, StringComparer.Ordinal))
        {
            var said = resource.Settings.Said;
            if (before.GetValueOrDefault(resource.Name) is not { } old)
            {
                var settings = said.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key} {setting.Value}");
                changes.Add(new Change(true, $"new resource {resource.Name}: {resource.Provider}, claimed to be {resource.Environment}; {string.Join("; ", settings)}"));
                continue;
            }

            Compare($"resource {resource.Name}: provider", old.Provider, resource.Provider, changes);
            Compare($"resource {resource.Name}: claimed environment", old.Environment, resource.Environment, changes);
            foreach (var key in old.Settings.Said.Keys.Union(said.Keys).Order(StringComparer.Ordinal))
            {
                Compare($"resource {resource.Name}: {key}", old.Settings.Said.GetValueOrDefault(key, "nothing"), said.GetValueOrDefault(key, "nothing"), changes);
            }
        }

        changes.AddRange(before.Keys.Except(after.Keys).Select(name => new Change(false, $"resource {name} is removed")));
    }

    private static void Compare(string what, string old, string now, List<Change> changes)
    {
        if (old != now)
        {
            changes.Add(new Change(true, $"{what}: {old} → {now}"));
        }
    }

    private static void Approvers(IReadOnlyList<Approver> before, IReadOnlyList<Approver> after, List<Change> changes)
    {
        foreach (var approver in after)
        {
            var old = before.FirstOrDefault(other => other.Key == approver.Key);
            // What counts most stands first, so that no length can hide it.
            var may = $"approves {string.Join(", ", approver.Approves.OrderByDescending(pattern => pattern == Approver.Everything).ThenByDescending(pattern => pattern.Contains('*')))}";
            if (old is null)
            {
                changes.Add(new Change(true, $"new approver {approver.Name} ({approver.Key.Text}): {may}"));
            }
            else if (old.Name != approver.Name || !old.Approves.SequenceEqual(approver.Approves))
            {
                changes.Add(new Change(true, $"approver {old.Name} becomes {approver.Name}: {may}"));
            }
        }

        changes.AddRange(before.Where(old => after.All(approver => approver.Key != old.Key)).Select(old => new Change(false, $"approver {old.Name} is removed")));
    }

    private static void Principals(IReadOnlyDictionary<string, Principal> before, IReadOnlyDictionary<string, Principal> after, List<Change> changes)
    {
        foreach (var principal in after.Values.OrderBy(principal => principal.Name, StringComparer.Ordinal))
        {
            var old = before.GetValueOrDefault(principal.Name);
            var oldGrants = old?.Grants.Select(grant => grant.Text).ToHashSet(StringComparer.Ordinal) ?? [];
            var newGrants = principal.Grants.Select(grant => grant.Text).ToHashSet(StringComparer.Ordinal);
            changes.AddRange(newGrants.Except(oldGrants).Select(grant => new Change(true, $"{principal.Name} may: {grant}")));
            changes.AddRange(oldGrants.Except(newGrants).Select(grant => new Change(false, $"{principal.Name} may no longer: {grant}")));
            var (oldUsers, newUsers) = (old?.OsUsers ?? [], principal.OsUsers);
            changes.AddRange(newUsers.Except(oldUsers).Select(user => new Change(true, $"the OS user {user} is {principal.Name} on the local socket")));
            changes.AddRange(oldUsers.Except(newUsers).Select(user => new Change(false, $"the OS user {user} is no longer {principal.Name}")));
            if (old?.Owner != principal.Owner)
            {
                changes.Add(new Change(true, $"the owner of {principal.Name} becomes {principal.Owner ?? "nobody"} (was {old?.Owner ?? "nobody"})"));
            }
        }

        changes.AddRange(before.Keys.Except(after.Keys).Select(name => new Change(false, $"principal {name} is removed")));
    }

    private static void Tools(IReadOnlyDictionary<string, ToolSpec> before, IReadOnlyDictionary<string, ToolSpec> after, List<Change> changes)
    {
        foreach (var tool in after.Values.OrderBy(tool => tool.Name, StringComparer.Ordinal))
        {
            var label = $"[{tool.Ceiling.Word()} · {tool.Effect.Word()}]";
            var old = before.GetValueOrDefault(tool.Name);
            if (old is null)
            {
                changes.Add(new Change(true, $"new tool {tool.Name} {label}: {tool.Operation.Name} on {tool.Resource.Name}{string.Concat(tool.Settings.Said.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"; {setting.Key} {setting.Value}"))}"));
            }
            else if (old.Digest != tool.Digest)
            {
                changes.Add(new Change(true, $"tool {tool.Name} {label} changes: {Difference(old, tool)}"));
            }
        }

        changes.AddRange(before.Keys.Except(after.Keys).Select(name => new Change(false, $"tool {name} is removed")));
    }

    private static string Difference(ToolSpec old, ToolSpec now)
    {
        var parts = new List<string>();
        Add(parts, "effect", old.Effect.Word(), now.Effect.Word());
        Add(parts, "environment", old.Ceiling.Word(), now.Ceiling.Word());
        Add(parts, "operation", old.Operation.Name, now.Operation.Name);
        Add(parts, "resource", old.Resource.Name, now.Resource.Name);
        foreach (var key in old.Settings.Said.Keys.Union(now.Settings.Said.Keys).Order(StringComparer.Ordinal))
        {
            Add(parts, key, old.Settings.Said.GetValueOrDefault(key, "nothing"), now.Settings.Said.GetValueOrDefault(key, "nothing"));
        }

        Add(parts, "parameters", Text(old.Parameters), Text(now.Parameters));
        Add(parts, "limits", Text(old), Text(now));
        Add(parts, "title", old.Title, now.Title);
        Add(parts, "description", old.Description, now.Description);
        return parts.Count == 0 ? $"its resource, an environment's meaning, or examples ({now.File})" : string.Join("; ", parts);
    }

    private static string Text(IReadOnlyList<Parameter> parameters) => string.Join(
        ' ',
        CanonicalJson.Text(ParameterSchema.Of([.. parameters.Where(parameter => parameter.Fixed is null)])["properties"]),
        string.Join(' ', parameters.Where(parameter => parameter.Fixed is not null).Select(parameter => $"{parameter.Name} is always {parameter.Fixed}"))).Trim();

    private static string Text(ToolSpec tool) => string.Create(
        CultureInfo.InvariantCulture,
        $"{tool.Limits.Rows} rows, {tool.Limits.Bytes} bytes, {tool.Limits.Time.TotalSeconds:0.###} s, {(tool.CallsPerMinute is { } calls ? $"{calls}/min" : "any number of calls")}");

    private static void Add(List<string> parts, string what, string old, string now)
    {
        if (old != now)
        {
            parts.Add($"{what} {old} → {now}");
        }
    }

    private static void Rules(PolicyRules before, PolicyRules after, List<Change> changes)
    {
        foreach (var environment in Enum.GetValues<EnvironmentLabel>())
        {
            var (oldPersons, newPersons) = (before.ApprovalsFor(environment), after.ApprovalsFor(environment));
            if (oldPersons != newPersons)
            {
                changes.Add(new Change(newPersons < oldPersons, $"approvals in {environment.Word()}: {oldPersons} → {newPersons} persons"));
            }

            var (oldAge, newAge) = (before.RequireRecoveryPoint.GetValueOrDefault(environment), after.RequireRecoveryPoint.GetValueOrDefault(environment));
            if (oldAge != newAge)
            {
                changes.Add(new Change(newAge == default || (oldAge != default && newAge > oldAge), $"recovery points in {environment.Word()} may be as old as {Age(newAge)} (was {Age(oldAge)})"));
            }
        }

        if (before.MaxOpenProposals != after.MaxOpenProposals)
        {
            changes.Add(new Change(after.MaxOpenProposals > before.MaxOpenProposals, string.Create(CultureInfo.InvariantCulture, $"open proposals: {before.MaxOpenProposals} → {after.MaxOpenProposals}")));
        }

        if (before.ProposalLife != after.ProposalLife)
        {
            changes.Add(new Change(after.ProposalLife > before.ProposalLife, $"proposals live {Age(after.ProposalLife)} (was {Age(before.ProposalLife)})"));
        }

        // People are sent there to decide: another address may be somebody else's.
        Compare("the page where humans decide", before.Console?.AbsoluteUri ?? "none", after.Console?.AbsoluteUri ?? "none", changes);
    }

    private static string Age(TimeSpan age) => age == default ? "anything" : string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.##} h");
}
