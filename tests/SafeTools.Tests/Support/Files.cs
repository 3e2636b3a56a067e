namespace SafeTools.Tests.Support;

/// <summary>A whole policy as a user writes it, without a fault; tests break one line of it.</summary>
internal static class Files
{
    public const string Key = "p256:axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li_hp_m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q";

    public const string Configuration = """
        environments: { qa: staging }
        resources:
          box:
            provider: sample
            environment: qa
            place: here
            marks:
              qa: [a, b]
          far:
            provider: other
            environment: production
        principals:
          local:
            owner: olga
            grants:
              - "read:*@staging"
              - label@staging
              - drop@production
        approvers:
          - name: alice
            key: "p256:axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li_hp_m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q"
            approves: ["*@*"]
        approvals:
          production: 1
        policy:
          max_open_proposals: 5
          proposal_life: 12h
          require_recovery_point:
            staging: 48h
        """;

    public const string Look = """
        tool: look
        title: Look
        description: Looks at an item.
        operation: sample.look
        resource: box
        environment: staging
        effect: read
        parameters:
          name:
            maxLength: 10
            pattern: "[a-z]+"
        limits:
          rows: 10
          bytes: 4KiB
          time: 2s
          calls: 60/min
        examples:
          - args: { name: n }
            expect: executed
        """;

    public const string Label = """
        tool: label
        title: Label
        description: Labels an item.
        operation: sample.label
        resource: box
        environment: staging
        effect: reversible
        parameters:
          count:
            maximum: 5
            default: 2
        """;

    public const string Drop = """
        tool: drop
        title: Drop
        description: Destroys an item.
        operation: sample.drop
        resource: box
        environment: production
        effect: irreversible
        """;

    public const string Statement = """
        tool: orders
        title: Orders
        description: Orders of a customer.
        operation: sample.statement
        resource: box
        environment: staging
        effect: read
        statement: select 1
        parameters:
          customer:
            type: string
            maxLength: 64
          limit:
            type: integer
            minimum: 1
            maximum: 50
            default: 20
        """;

    public static IReadOnlyDictionary<string, string> Specs { get; } = new Dictionary<string, string>
    {
        ["tool-specs/look.yaml"] = Look,
        ["tool-specs/label.yaml"] = Label,
        ["tool-specs/drop.yaml"] = Drop,
        ["tool-specs/orders.yaml"] = Statement,
    };

    public static Policy? Load(out IReadOnlyList<Problem> problems, string configuration = Configuration, IReadOnlyDictionary<string, string>? specs = null, string folder = "/base") =>
        new PolicyLoader([new SampleProvider(), new OtherProvider()]).Load(new PolicySource(folder, configuration, specs ?? Specs), out problems);

    /// <summary>The policy with one text of one file replaced.</summary>
    public static Policy? Broken(string file, string text, string by, out IReadOnlyList<Problem> problems)
    {
        var original = file == "safetools.yaml" ? Configuration : Specs[file];
        original.Should().Contain(text);
        var changed = text.Length == 0 ? by : original.Replace(text, by, StringComparison.Ordinal);
        return file == "safetools.yaml"
            ? Load(out problems, changed)
            : Load(out problems, specs: Specs.ToDictionary(spec => spec.Key, spec => spec.Key == file ? changed : spec.Value));
    }
}
