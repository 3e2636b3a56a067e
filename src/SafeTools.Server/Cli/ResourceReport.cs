using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Server.Cli;

/// <summary>What <c>safetools doctor</c> says of one resource.</summary>
/// <param name="attestation">Null where there is nothing to prove.</param>
internal sealed class ResourceReport(Resource resource, Attestation? attestation, EnvironmentMap environments, IProvider provider, DateTimeOffset now)
{
    private static readonly JsonWriterOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Placement? Placement => attestation?.Place(resource, environments);

    /// <summary>Proved, and what the files claim is what it is.</summary>
    public bool IsWell => attestation is null || (attestation.Verdict == AttestationVerdict.Proved && Placement!.Environment == environments.Resolve(resource.Environment));

    /// <summary>The names under which each of the resource's own maps pins what was seen, with what was seen: <c>system_identifier</c> is the fact "system identifier".</summary>
    private IEnumerable<(string Setting, IReadOnlyList<(string Field, string Value)> Fields)> Pins =>
        from setting in provider.ResourceSettings
        where setting.Kind == SettingKind.Fields
        let fields = (from name in setting.Fields
                      let seen = attestation!.Facts.FirstOrDefault(fact => fact.Name == name.Replace('_', ' '))?.Value as FactValue.Text
                      where seen is not null
                      select (name, seen.Value)).ToArray()
        where fields.Length > 0
        select (setting.Name, (IReadOnlyList<(string, string)>)fields);

    public JsonObject Json()
    {
        var json = new JsonObject { ["resource"] = resource.Name, ["provider"] = resource.Provider };
        if (attestation is null)
        {
            json["verdict"] = null;
            return json;
        }

        json["verdict"] = attestation.Verdict.Word();
        json["taken"] = PreviewDocument.Time(attestation.Taken);
        if (attestation.Unreachable is { } why)
        {
            json["refused"] = why.Code.Id;
            json["message"] = why.Message;
        }

        json["environment"] = new JsonObject { ["claimed"] = resource.Environment, ["counts_as"] = Placement!.Environment.Word(), ["reason"] = Placement.Reason };
        json["facts"] = new JsonArray([.. attestation.Facts.Select(PreviewDocument.Of)]);
        foreach (var (setting, fields) in Pins)
        {
            json[setting] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Field, (JsonNode?)JsonValue.Create(field.Value))));
        }

        json["findings"] = new JsonArray([.. attestation.Findings.Select(finding =>
            new JsonObject { ["kind"] = finding.Kind, ["weight"] = finding.Weight.Word(), ["subject"] = finding.Subject, ["mend"] = finding.Mend })]);
        json["advice"] = JsonValues.Array(attestation.Advice);
        return json;
    }

    public void Write(Terminal terminal)
    {
        var heading = $"{resource.Name} ({resource.Provider})";
        if (attestation is null)
        {
            terminal.Line($"{terminal.Strong(heading)}: it has no credential to prove.");
            terminal.Line();
            return;
        }

        terminal.Line($"{terminal.Strong(heading)}: {Verdict(terminal, attestation)}");
        if (attestation.Unreachable is { } why)
        {
            terminal.Line($"  {why.Code.Id} {why.Message}");
            terminal.Line($"  {why.Code.Remedy}");
            foreach (var fact in attestation.Facts)
            {
                Row(terminal, fact.Name, FactText.Value(PreviewDocument.Of(fact), now));
            }

            terminal.Line();
            return;
        }

        Row(terminal, "environment", $"{terminal.Coloured(Placement!.Environment)}: {VisibleText.Line(Placement.Reason, 300)}");
        foreach (var fact in attestation.Facts)
        {
            Row(terminal, fact.Name, FactText.Value(PreviewDocument.Of(fact), now));
        }

        foreach (var (setting, fields) in Pins)
        {
            terminal.Line("  To pin what was seen, in safetools.yaml:");
            terminal.Line($"    {setting}: {{ {string.Join(", ", fields.Select(field => $"{field.Field}: {Quote(field.Value)}"))} }}");
        }

        foreach (var kind in attestation.Findings.GroupBy(finding => (finding.Kind, finding.Weight)))
        {
            terminal.Line($"  {Weight(terminal, kind.Key.Weight)}: {kind.Key.Kind} ({kind.Count()})");
            foreach (var finding in kind)
            {
                terminal.Line($"    -- {VisibleText.Line(finding.Subject, 500)}{(finding.Mend is null ? ": no statement mends it" : "")}");
                if (finding.Mend is { } mend)
                {
                    terminal.Line($"    {VisibleText.Line(mend, int.MaxValue)}");
                }
            }
        }

        // Last, for the list above may be long.
        foreach (var advice in attestation.Advice)
        {
            terminal.Line($"  {terminal.Strong(VisibleText.Line(advice, 1000))}");
        }

        terminal.Line();
    }

    /// <summary>One line, for whoever is about to sign.</summary>
    public static string Brief(Terminal terminal, Resource resource, Attestation attestation, EnvironmentMap environments) => attestation.Unreachable is { } why
        ? $"  {resource.Name}: {terminal.Careful("unknown")}: {why.Message} ({why.Code.Id}) Its tools refuse until it can be looked at."
        : $"  {resource.Name}: {Verdict(terminal, attestation)}, {VisibleText.Line(attestation.Place(resource, environments).Reason, 300)}{(attestation.Findings.Count == 0 ? "" : $"; {string.Join(", ", attestation.Kinds())}")}";

    private static string Verdict(Terminal terminal, Attestation attestation) => attestation.Verdict switch
    {
        AttestationVerdict.Proved => terminal.Good("proved"),
        AttestationVerdict.Failed => terminal.Bad("failed, so its tools refuse"),
        AttestationVerdict.Unknown => terminal.Careful("unknown, so its tools refuse"),
    };

    private static string Weight(Terminal terminal, FindingWeight weight) => weight switch
    {
        FindingWeight.Refuses => terminal.Bad("Refuses"),
        FindingWeight.Tolerated => terminal.Careful("Tolerated"),
        FindingWeight.Advises => "Advises",
    };

    private static void Row(Terminal terminal, string name, string value) => terminal.Line($"  {name,-20} {value}");

    /// <summary>A JSON string is a YAML string too.</summary>
    private static string Quote(string value) => $"\"{JsonEncodedText.Encode(value, Quoted.Encoder)}\"";
}
