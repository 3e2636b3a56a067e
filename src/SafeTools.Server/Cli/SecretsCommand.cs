using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SafeTools.Server.Secrets;

namespace SafeTools.Server.Cli;

/// <summary>
/// <c>safetools secrets set|list|remove|rotate-key</c>: the encrypted store. What a credential is, is no part of the policy, so nothing here is signed;
/// where a resource finds it is, so none of this reaches a resource that the approvers have not accepted. No value is ever shown.
/// </summary>
internal static class SecretsCommand
{
    public static Command Create() => new("secrets", "Keep credentials encrypted in the state folder, for secret://store/NAME")
    {
        CreateSet(),
        CreateList(),
        CreateRemove(),
        CreateRotateKey(),
    };

    private static Command CreateSet()
    {
        var name = Name();
        var command = new Command("set", "Keep a value under a name; it is typed unseen, or read from standard input where that is no terminal") { name };
        Verb.Bind(command, (verb, cancellationToken) => Set(verb, verb.Parsed.GetValue(name)!, cancellationToken));
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list", "Show names, when they were set, fingerprints and who uses them; never a value");
        Verb.Bind(command, List);
        return command;
    }

    private static Command CreateRemove()
    {
        var name = Name();
        var command = new Command("remove", "Forget a value; one that a resource uses only at a terminal, where its name is typed again") { name };
        Verb.Bind(command, (verb, cancellationToken) => Remove(verb, verb.Parsed.GetValue(name)!, cancellationToken));
        return command;
    }

    private static Command CreateRotateKey()
    {
        var command = new Command("rotate-key", "Make a new key for the store, and lock everything with it");
        Verb.Bind(command, (verb, _) => Task.FromResult(RotateKey(verb)));
        return command;
    }

    private static async Task<int> Set(Verb verb, string name, CancellationToken cancellationToken)
    {
        if (!IsName(verb, name))
        {
            return ExitCode.Usage;
        }

        var uses = await Uses(verb, cancellationToken).ConfigureAwait(false);
        if (verb.Terminal.SecretValue($"The value of {name}:", SecretValues.Longest + 2) is not { Length: > 0 } typed)
        {
            verb.Terminal.Complain("There was no value, or it is no text, or longer than 64 KiB. Nothing was kept.");
            return ExitCode.Usage;
        }

        var (store, value) = (StoreOf(verb), new Secret(typed));
        if ((SecretValues.Fault(value) ?? store.Put(name, value)) is { } refused)
        {
            return Refuse(verb, store, refused);
        }

        var content = store.Open(out var why);
        return why is not null ? Refuse(verb, store, why) : Show(verb, [Row(content, name, uses)]);
    }

    private static async Task<int> List(Verb verb, CancellationToken cancellationToken)
    {
        var store = StoreOf(verb);
        var content = store.Open(out var why);
        if (why is not null)
        {
            return Refuse(verb, store, why);
        }

        var uses = await Uses(verb, cancellationToken).ConfigureAwait(false);
        var names = (content?.Secrets.Keys ?? []).Concat(uses.Select(use => use.Reference.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        JsonObject[] rows = [.. names.Select(name => Row(content, name, uses))];
        if (rows.Length == 0 && !verb.Terminal.Json)
        {
            verb.Terminal.Line("The store of secrets holds nothing, and no resource looks for anything there.");
        }

        return Show(verb, rows);
    }

    private static async Task<int> Remove(Verb verb, string name, CancellationToken cancellationToken)
    {
        if (!IsName(verb, name))
        {
            return ExitCode.Usage;
        }

        var store = StoreOf(verb);
        var content = store.Open(out var why);
        if (why is not null)
        {
            return Refuse(verb, store, why);
        }

        if (content?.Secrets.ContainsKey(name) is not true)
        {
            verb.Terminal.Complain($"There is no {name} in the store.");
            return ExitCode.Found;
        }

        var users = (await Uses(verb, cancellationToken).ConfigureAwait(false)).Where(use => use.Reference.Name == name).ToArray();
        if (users.Length > 0)
        {
            verb.Terminal.Complain($"{name} is used by {string.Join(", ", users.AsEnumerable())}: without it their tools refuse. There is no undo.");
            if (verb.Terminal.Ask($"Type {name} to remove it all the same:") != name)
            {
                verb.Terminal.Complain("Nothing was removed.");
                return ExitCode.Refused;
            }
        }

        if (store.Change(now => now.Without(name)) is { } refused)
        {
            return Refuse(verb, store, refused);
        }

        verb.Terminal.Line($"{name} is removed.");
        return ExitCode.Done;
    }

    private static int RotateKey(Verb verb)
    {
        var store = StoreOf(verb);
        if (store.RotateKey() is { } refused)
        {
            return Refuse(verb, store, refused);
        }

        verb.Terminal.Line("The store of secrets has a new key. Copies of the store made before need the old one; servers that run go on.");
        return ExitCode.Done;
    }

    /// <summary>References into the store, of the policy that is served and of the one in the files: accepted next, it must find them.</summary>
    private static async Task<IReadOnlyList<SecretUse>> Uses(Verb verb, CancellationToken cancellationToken)
    {
        var standing = await verb.Runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false);
        return [.. new[] { standing.Policy, verb.Runtime.Files }.OfType<Policy>().SelectMany(policy => SecretUse.Of(policy, verb.Runtime.Providers.All))
            .Where(use => use.Reference.Place == SecretPlace.Store).Distinct().OrderBy(use => use.Resource, StringComparer.Ordinal)];
    }

    private static JsonObject Row(StoredSecrets? content, string name, IReadOnlyList<SecretUse> uses)
    {
        var found = content?.Secrets.GetValueOrDefault(name);
        return new JsonObject
        {
            ["name"] = name,
            ["set"] = found?.Set.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["version"] = found?.Version,
            ["fingerprint"] = found is null ? null : content!.Fingerprint(found.Value),
            ["uses"] = JsonValues.Array(uses.Where(use => use.Reference.Name == name).Select(use => use.ToString())),
        };
    }

    private static int Show(Verb verb, IReadOnlyList<JsonObject> rows)
    {
        if (verb.Terminal.Json)
        {
            foreach (var row in rows)
            {
                verb.Terminal.Write(row);
            }

            return ExitCode.Done;
        }

        foreach (var row in rows)
        {
            var uses = row["uses"]!.AsArray() is { Count: > 0 } some ? $"used by {string.Join(", ", some.Select(use => use!.GetValue<string>()))}" : "used by no resource";
            verb.Terminal.Line(row["set"] is { } set
                ? $"{verb.Terminal.Strong(row["name"]!.GetValue<string>())}  set {set}  version {row["version"]}  fingerprint {row["fingerprint"]}  {uses}"
                : $"{verb.Terminal.Bad(row["name"]!.GetValue<string>())}  not set  {uses}. Set it with: safetools secrets set {row["name"]}");
        }

        return ExitCode.Done;
    }

    private static Argument<string> Name() => new("name") { Description = "the NAME in secret://store/NAME" };

    private static bool IsName(Verb verb, string name)
    {
        if (SecretReference.Parse($"secret://store/{name}") is not null)
        {
            return true;
        }

        verb.Terminal.Complain($"'{VisibleText.Line(name, 64)}' is no name. It begins with a letter or a digit; then letters, digits, dot, dash and underscore, at most 64.");
        return false;
    }

    private static SecretStore StoreOf(Verb verb) => new(verb.Runtime.Locations.State, verb.Runtime.Clock);

    private static int Refuse(Verb verb, SecretStore store, Refusal why) =>
        verb.Terminal.Refuse(why, why.Code == RefusalCatalog.SecretStoreUnusable ? store.Advice : null);
}
