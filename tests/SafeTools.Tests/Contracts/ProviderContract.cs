using System.Text.Json;
using System.Text.RegularExpressions;

namespace SafeTools.Tests.Contracts;

/// <summary>
/// What every provider promises, whatever it talks to. Derive it, build a real sandbox in the constructor and fill in the hooks;
/// each test runs on a fresh instance.
/// </summary>
public abstract partial class ProviderContract
{
    private int _actions;

    protected abstract IProvider Provider { get; }

    /// <summary>The working resource that the requests use.</summary>
    protected abstract Resource Resource { get; }

    /// <summary>Makes a fresh item on which the operation can succeed and returns the request for it. Called for each operation that is not only an undo.</summary>
    protected abstract OperationRequest Arrange(string operation);

    /// <summary>A request for an item that does not exist.</summary>
    protected abstract OperationRequest MissingItem();

    /// <summary>Every byte, name and attribute of the sandbox, the provider's own files included.</summary>
    protected abstract string Everything();

    /// <summary>What a user calls theirs, byte for byte, without the provider's own records: equal again after execute and undo.</summary>
    protected abstract string UserState();

    /// <summary>Text that no refusal, fact or answer may hold: the sandbox's paths, its credentials.</summary>
    protected abstract IReadOnlyList<string> NeverShown { get; }

    /// <summary>The parameters that name an item, a file or a folder; each trick sent in one of them must refuse.</summary>
    protected virtual IReadOnlyList<string> ItemParameters => [];

    protected OperationRequest Request(string operation, params (string Name, object Value)[] arguments) =>
        new(Operation(operation), Resource, SettingValues.Empty, Arguments(arguments), Operation(operation).Limits);

    protected static Arguments Arguments(params (string Name, object Value)[] arguments) =>
        new(arguments.ToDictionary(argument => argument.Name, argument => JsonSerializer.SerializeToElement(argument.Value)));

    protected Operation Operation(string name) => Provider.Operations.Single(operation => operation.Name == name);

    protected Ticket TicketFor(OperationRequest request, IReadOnlyDictionary<string, string> fingerprint) =>
        new($"contract-{++_actions}", request, fingerprint);

    protected async Task<Preview> See(OperationRequest request)
    {
        var previewed = await Provider.Preview(request, CancellationToken.None);
        return previewed.Should().BeOfType<Previewed.Seen>($"{request.Operation.Name} was arranged to work: {previewed}").Subject.Preview;
    }

    protected async Task<Ticket> TicketFor(OperationRequest request) => TicketFor(request, (await See(request)).Fingerprint);

    protected async Task<Execution> Execute(Ticket ticket) => await Provider.Execute(ticket, new Progress<ProviderProgress>(), CancellationToken.None);

    protected void ShouldBeSafeToShow(Refusal refusal)
    {
        ShouldHoldNothingSecret(refusal.Message);
        refusal.Message.Should().NotMatchRegex(AbsolutePath().ToString(), "a refusal shows no absolute path");
        refusal.Message.Any(character => char.IsControl(character) || char.GetUnicodeCategory(character) == System.Globalization.UnicodeCategory.Format)
            .Should().BeFalse("a refusal shows no invisible characters");
    }

    private void ShouldHoldNothingSecret(string text)
    {
        foreach (var secret in NeverShown)
            text.Should().NotContain(secret);
    }

    private IEnumerable<Operation> Askable => Provider.Operations.Where(operation => !operation.OnlyAsUndo);

    private IEnumerable<Operation> Changing => Askable.Where(operation => operation.Floor != Effect.Read);

    [Fact]
    public void Operations_Names_AreUniqueAndBeginWithTheProvider()
    {
        Provider.Operations.Should().NotBeEmpty();
        Provider.Operations.Should().OnlyContain(operation => operation.Name.StartsWith(Provider.Name + ".", StringComparison.Ordinal));
        Provider.Operations.Select(operation => operation.Name).Should().OnlyHaveUniqueItems();
        Provider.Operations.Should().OnlyContain(operation => operation.Summary.Length > 0);
    }

    [Fact]
    public void Operations_EveryUndo_IsAnOperationOfThisProvider() =>
        Provider.Operations.Where(operation => operation.Floor == Effect.Reversible || operation.Undo is not null)
            .Select(operation => operation.Undo).Should().BeSubsetOf(Provider.Operations.Select(operation => operation.Name));

    [Fact]
    public void Operations_OnlyAsUndo_AreSomebodysUndo() =>
        Provider.Operations.Where(operation => operation.OnlyAsUndo).Select(operation => operation.Name)
            .Should().BeSubsetOf(Provider.Operations.Select(operation => operation.Undo));

    [Fact]
    public void Operations_Reads_NeitherDestroyNorUndo() =>
        Provider.Operations.Where(operation => operation.Floor == Effect.Read)
            .Should().NotContain(operation => operation.Destroys || operation.Undo != null || operation.OnlyAsUndo);

    [Fact]
    public void Operations_WhatDestroys_IsIrreversible() =>
        Provider.Operations.Where(operation => operation.Destroys).Should().NotContain(operation => operation.Floor != Effect.Irreversible);

    [Fact]
    public void Operations_Parameters_HaveUniqueNamesAndBoundedStrings()
    {
        foreach (var operation in Provider.Operations)
        {
            operation.Parameters.Select(parameter => parameter.Name).Should().OnlyHaveUniqueItems();
            operation.Parameters.Where(parameter => parameter.Type == ParameterType.String)
                .Should().NotContain(parameter => parameter.MaxLength == null && parameter.Enum == null, $"{operation.Name} takes bounded strings");
        }
    }

    [Fact]
    public void Operations_Limits_ArePositive() =>
        Provider.Operations.Should().NotContain(operation => operation.Limits.Rows < 1 || operation.Limits.Bytes < 1 || operation.Limits.Time <= TimeSpan.Zero);

    [Fact]
    public void ResourceSettings_Names_AreUniqueAndNotTheCores()
    {
        Provider.ResourceSettings.Select(setting => setting.Name).Should().OnlyHaveUniqueItems();
        Provider.ResourceSettings.Select(setting => setting.Name).Should().NotContain(["provider", "environment"]);
    }

    [Fact]
    public void Check_WorkingResource_HasNoFaults() => Provider.Check(Resource).Should().BeEmpty();

    [Fact]
    public async Task Preview_EveryOperation_ChangesNothing()
    {
        foreach (var operation in Askable)
        {
            var request = Arrange(operation.Name);
            var before = Everything();
            await See(request);
            Everything().Should().Be(before, $"a preview of {operation.Name} changes nothing");
        }
    }

    [Fact]
    public async Task Preview_EveryOperation_SaysWhatItWouldHit()
    {
        foreach (var operation in Askable)
        {
            var preview = await See(Arrange(operation.Name));
            preview.Summary.Should().NotBeEmpty();
            preview.Item.Kind.Should().NotBeEmpty();
            preview.Item.Id.Should().NotBeEmpty();
            preview.Item.Name.Should().NotBeEmpty();
            preview.Environment.Source.Should().NotBeEmpty();
            preview.Fingerprint.Should().NotBeEmpty();
            ShouldHoldNothingSecret(Flatten(preview));
        }
    }

    [Fact]
    public async Task Preview_TakenTwice_HasTheSameFingerprint()
    {
        foreach (var operation in Askable)
        {
            var request = Arrange(operation.Name);
            (await See(request)).Fingerprint.Should().BeEquivalentTo((await See(request)).Fingerprint);
        }
    }

    [Fact]
    public async Task Preview_MissingItem_Refuses()
    {
        var before = Everything();
        var previewed = await Provider.Preview(MissingItem(), CancellationToken.None);
        ShouldBeSafeToShow(previewed.Should().BeOfType<Previewed.Refused>().Subject.Refusal);
        Everything().Should().Be(before);
    }

    [Fact]
    public async Task Execute_FingerprintThatDoesNotMatch_FailsAndChangesNothing()
    {
        foreach (var operation in Askable)
        {
            var request = Arrange(operation.Name);
            var stale = (await See(request)).Fingerprint.ToDictionary(pair => pair.Key, pair => pair.Value + "x");
            var before = Everything();
            var execution = await Execute(TicketFor(request, stale));
            ShouldBeSafeToShow(execution.Should().BeOfType<Execution.Failed>(operation.Name).Subject.Why);
            Everything().Should().Be(before, $"a stale {operation.Name} changes nothing");
        }
    }

    [Fact]
    public async Task Execute_EmptyFingerprint_Fails()
    {
        foreach (var operation in Changing)
        {
            var request = Arrange(operation.Name);
            var before = Everything();
            (await Execute(TicketFor(request, new Dictionary<string, string>()))).Should().BeOfType<Execution.Failed>(operation.Name);
            Everything().Should().Be(before);
        }
    }

    [Fact]
    public async Task Execute_Read_AnswersBoundedDataAndChangesNothing()
    {
        foreach (var operation in Askable.Where(operation => operation.Floor == Effect.Read))
        {
            var ticket = await TicketFor(Arrange(operation.Name));
            var before = Everything();
            var done = (await Execute(ticket)).Should().BeOfType<Execution.Done>(operation.Name).Subject;
            done.Undo.Should().BeNull();
            System.Text.Encoding.UTF8.GetByteCount(done.Data.ToJsonString()).Should().BeLessThanOrEqualTo((int)ticket.Request.Limits.Bytes);
            ShouldHoldNothingSecret(done.Data.ToJsonString());
            Everything().Should().Be(before, $"{operation.Name} is labelled a read");
        }
    }

    [Fact]
    public async Task Execute_WithDeclaredUndo_UndoBringsTheStateBack()
    {
        foreach (var operation in Changing.Where(operation => operation.Undo is not null))
        {
            var ticket = await TicketFor(Arrange(operation.Name));
            var before = UserState();
            var done = (await Execute(ticket)).Should().BeOfType<Execution.Done>(operation.Name).Subject;
            UserState().Should().NotBe(before, $"{operation.Name} was arranged to change something");
            ShouldHoldNothingSecret(done.Data.ToJsonString());

            var offer = done.Undo.Should().NotBeNull().And.Subject.As<UndoOffer>();
            offer.Operation.Should().Be(operation.Undo);
            offer.Arguments.Values.Keys.Should().BeSubsetOf(Operation(offer.Operation).Parameters.Select(parameter => parameter.Name));
            var undo = new OperationRequest(Operation(offer.Operation), Resource, SettingValues.Empty, offer.Arguments, Operation(offer.Operation).Limits);
            (await Execute(await TicketFor(undo))).Should().BeOfType<Execution.Done>(offer.Operation);
            UserState().Should().Be(before, $"{offer.Operation} takes {operation.Name} back byte for byte");
        }
    }

    [Fact]
    public async Task Execute_WithoutDeclaredUndo_OffersNone()
    {
        foreach (var operation in Askable.Where(operation => operation.Undo is null))
            (await Execute(await TicketFor(Arrange(operation.Name)))).Should().BeOfType<Execution.Done>(operation.Name).Which.Undo.Should().BeNull();
    }

    [Fact]
    public async Task Execute_SameTicketTwice_ActsOnce()
    {
        foreach (var operation in Changing)
        {
            var ticket = await TicketFor(Arrange(operation.Name));
            (await Execute(ticket)).Should().BeOfType<Execution.Done>(operation.Name);
            var once = UserState();
            await Execute(ticket);
            UserState().Should().Be(once, $"the second {operation.Name} of one ticket does nothing");
        }
    }

    [Fact]
    public async Task Probe_AfterExecute_SaysDoneWithTheSameUndo()
    {
        foreach (var operation in Changing)
        {
            var ticket = await TicketFor(Arrange(operation.Name));
            var done = (await Execute(ticket)).Should().BeOfType<Execution.Done>(operation.Name).Subject;
            var before = Everything();
            var found = (await Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType<Execution.Done>(operation.Name).Subject;
            (found.Undo?.Operation).Should().Be(done.Undo?.Operation);
            Flatten(found.Undo).Should().Be(Flatten(done.Undo));
            Everything().Should().Be(before, "a probe only looks");
        }
    }

    [Fact]
    public async Task Probe_NeverExecuted_SaysFailed()
    {
        foreach (var operation in Askable)
        {
            var ticket = await TicketFor(Arrange(operation.Name));
            var before = Everything();
            (await Provider.Probe(ticket, CancellationToken.None)).Should().BeOfType<Execution.Failed>(operation.Name);
            Everything().Should().Be(before, "a probe only looks");
        }
    }

    [Fact]
    public async Task PreviewAndExecute_Cancelled_StopAndChangeNothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        foreach (var operation in Askable)
        {
            var ticket = await TicketFor(Arrange(operation.Name));
            var before = Everything();
            await FluentActions.Awaiting(() => Provider.Preview(ticket.Request, cancelled.Token)).Should().ThrowAsync<OperationCanceledException>();
            await FluentActions.Awaiting(() => Provider.Execute(ticket, new Progress<ProviderProgress>(), cancelled.Token))
                .Should().ThrowAsync<OperationCanceledException>();
            Everything().Should().Be(before);
        }
    }

    [Fact]
    public async Task PreviewAndExecute_TrickInANamingParameter_Refuse()
    {
        foreach (var (operation, parameter, trick) in
            from operation in Askable
            from parameter in operation.Parameters.Select(parameter => parameter.Name).Intersect(ItemParameters)
            from trick in PathTricks
            select (operation, parameter, trick))
        {
            var good = Arrange(operation.Name);
            var values = good.Arguments.Values.ToDictionary();
            values[parameter] = JsonSerializer.SerializeToElement(trick);
            var request = good with { Arguments = new Arguments(values) };
            var before = Everything();
            var previewed = await Provider.Preview(request, CancellationToken.None);
            ShouldBeSafeToShow(previewed.Should().BeOfType<Previewed.Refused>($"{operation.Name} got {Escaped(trick)}").Subject.Refusal);
            var execution = await Execute(TicketFor(request, (await See(good)).Fingerprint));
            ShouldBeSafeToShow(execution.Should().BeOfType<Execution.Failed>($"{operation.Name} got {Escaped(trick)}").Subject.Why);
            Everything().Should().Be(before);
        }
    }

    private static readonly string[] PathTricks =
    [
        "", ".", "..", "/", "//", "../x", "x/..", "a/b", "/etc", "a\\b", "..\\x", "a\0b", "\0", "a\nb", "a\tb", "\u202Eatad", "a\u200Bb", "\uFEFFdata",
        "%2e%2e", "~", "-rf *", "data ", " data", "d\u00E4ta", "\uD800", new string('a', 300), "C:\\x", "*", "?", "$HOME", "`id`", ".safetools",
    ];

    private static string Escaped(string text) => JsonSerializer.Serialize(text);

    private static string Flatten(UndoOffer? offer) =>
        offer is null ? "" : string.Join(';', offer.Arguments.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value.GetRawText()}"));

    private static string Flatten(Preview preview) => string.Join('\n',
    [
        preview.Summary, preview.Item.ToString(), preview.Environment.Source, .. preview.Environment.Names, preview.UndoNote ?? "",
        .. preview.Fingerprint.Select(pair => $"{pair.Key}={pair.Value}"),
        .. preview.Facts.Select(fact => fact.Value is FactValue.Names names ? $"{fact.Name}: {string.Join(',', names.Values)}" : fact.ToString()),
        .. preview.RecoveryPoints.Select(point => point.ToString()),
    ]);

    [GeneratedRegex(@"(^|[\s""'(=])/[\w.-]+/")]
    private static partial Regex AbsolutePath();
}
