using System.Text;
using System.Text.Json.Nodes;

namespace SafeTools.Tests.Contracts;

/// <summary>
/// What every provider promises that rotates an application's credential: a login with what the application finds never fails, whatever dies when,
/// and nobody is shown a value. Derive it and make a credential on real infrastructure.
/// </summary>
public abstract partial class CredentialContract
{
    /// <summary>A fresh one, whose first value works. Two of it can be valid at once.</summary>
    private protected abstract Task<RotatedCredential> Arrange();

    [Fact]
    public async Task Rotate_Done_NewWorksAndEarlierWorksThroughTheGraceAndNotAfterIt()
    {
        await using var credential = await Arrange();
        var earlier = credential.Sink;
        var done = await credential.Rotate();
        done.Undo.Should().NotBeNull();
        credential.Sink.Should().NotBe(earlier);
        await Works(credential, credential.Sink, earlier);

        (await credential.Pass(credential.Grace - TimeSpan.FromSeconds(10))).Should().BeEmpty();
        await Works(credential, credential.Sink, earlier);
        credential.Provider.Owed(credential.Resource).Should().ContainSingle().Which.Summary.Should().NotBeEmpty();

        (await credential.Pass(TimeSpan.FromSeconds(11))).Should().ContainSingle().Which.Should().BeOfType<Execution.Done>();
        await Works(credential, credential.Sink);
        (await credential.Works(earlier)).Should().BeFalse("its grace is over");
        credential.Provider.Owed(credential.Resource).Should().BeEmpty();
    }

    [Fact]
    public async Task Rotate_AgainAfterTheGrace_Rotates()
    {
        await using var credential = await Arrange();
        var seen = new List<string> { credential.Sink };
        for (var turn = 0; turn < 3; turn++)
        {
            await credential.Rotate();
            seen.Should().NotContain(credential.Sink);
            seen.Add(credential.Sink);
            await Works(credential, credential.Sink);
            RotatedCredential.Done((await credential.Pass(credential.Grace + TimeSpan.FromSeconds(1))).Single());
        }
    }

    [Fact]
    public async Task Rotate_WhileAGraceRuns_RefusesAndChangesNothing()
    {
        await using var credential = await Arrange();
        var first = credential.Sink;
        await credential.Rotate();
        var second = credential.Sink;
        (await credential.Refused(credential.Rotation)).Message.Should().Contain("grace");
        credential.Restart();
        (await credential.Refused(credential.Rotation)).Message.Should().Contain("grace");
        credential.Sink.Should().Be(second);
        await Works(credential, first, second);
    }

    [Fact]
    public async Task Rotate_ManyAtOnce_OneDoesAndTheOthersRefuse()
    {
        await using var credential = await Arrange();
        var tickets = new List<Ticket>();
        for (var asker = 0; asker < 4; asker++)
            tickets.Add(await credential.Ticket(credential.Rotation));
        var ends = await Task.WhenAll(tickets.Select(ticket => Task.Run(() => credential.Execute(ticket))));
        ends.OfType<Execution.Done>().Should().ContainSingle(string.Join('\n', ends.Select(RotatedCredential.Said)));
        ends.OfType<Execution.Failed>().Should().HaveCount(3);
        await Works(credential, credential.Sink);
    }

    [Fact]
    public async Task Rotate_TheSecretChangedSinceItWasLookedAt_IsStaleAndChangesNothing()
    {
        await using var credential = await Arrange();
        var ticket = await credential.Ticket(credential.Rotation);
        var changed = credential.Sink = credential.Sink + "&connect_timeout=7";
        (await credential.Execute(ticket)).Should().BeOfType<Execution.Failed>();
        credential.Sink.Should().Be(changed);
        await Works(credential, changed);
    }

    [Fact]
    public async Task Rotate_TheSecretCannotBeWritten_IsTakenBackAndCanBeAskedAgain()
    {
        await using var credential = await Arrange();
        var earlier = credential.Sink;
        credential.Secrets.OnWrite = _ => RefusalCatalog.SecretNotWritable.Because("The disk is full.");
        var why = await credential.Refused(credential.Rotation);
        why.Message.Should().Contain("The disk is full.");
        credential.Sink.Should().Be(earlier);
        await Works(credential, earlier);
        credential.Provider.Owed(credential.Resource).Should().BeEmpty();
        credential.Secrets.OnWrite = null;
        await credential.Rotate();
        await Works(credential, earlier, credential.Sink);
    }

    [Fact]
    public async Task Undo_InTheGrace_BringsTheEarlierBackAndEndsTheNewerAfterAGrace()
    {
        await using var credential = await Arrange();
        var earlier = credential.Sink;
        var done = await credential.Rotate();
        var newer = credential.Sink;
        await credential.Pass(credential.Grace / 2);
        RotatedCredential.Done(await credential.Call(credential.Undo(done)));
        credential.Sink.Should().Be(earlier, "byte for byte");
        await Works(credential, earlier, newer);
        (await credential.Refused(credential.Undo(done))).Message.Should().NotBeEmpty("it is not repeated");
        (await credential.Refused(credential.Rotation)).Message.Should().Contain("grace");

        (await credential.Pass(credential.Grace - TimeSpan.FromSeconds(10))).Should().BeEmpty();
        await Works(credential, earlier, newer);
        RotatedCredential.Done((await credential.Pass(TimeSpan.FromSeconds(11))).Single());
        await Works(credential, earlier);
        (await credential.Works(newer)).Should().BeFalse();
        await credential.Rotate();
        await Works(credential, credential.Sink);
    }

    [Fact]
    public async Task Undo_AfterTheGrace_RefusesAndChangesNothing()
    {
        await using var credential = await Arrange();
        var done = await credential.Rotate();
        var newer = credential.Sink;
        await credential.Pass(credential.Grace + TimeSpan.FromSeconds(1));
        (await credential.Refused(credential.Undo(done))).Code.Should().Be(RefusalCatalog.RotationUndoTooLate);
        credential.Sink.Should().Be(newer);
        await Works(credential, newer);
    }

    [Fact]
    public async Task Undo_TheSecretWasChangedSince_RefusesAndKeepsIt()
    {
        await using var credential = await Arrange();
        var done = await credential.Rotate();
        var changed = credential.Sink = credential.Sink + "&connect_timeout=7";
        (await credential.Refused(credential.Undo(done))).Code.Should().Be(RefusalCatalog.RotationUndoTooLate);
        credential.Sink.Should().Be(changed);
    }

    [Fact]
    public async Task GraceEnd_TheSecretWasSetBackByHand_KeepsWhatItNames()
    {
        await using var credential = await Arrange();
        var earlier = credential.Sink;
        var done = await credential.Rotate();
        credential.Sink = earlier;
        (await credential.Pass(credential.Grace + TimeSpan.FromSeconds(1))).Should().ContainSingle().Which.Should().BeOfType<Execution.Failed>();
        await Works(credential, earlier);
        credential.Provider.Owed(credential.Resource).Should().ContainSingle().Which.Due.Should().BeAfter(credential.Now);
        RotatedCredential.Done(await credential.Call(credential.Undo(done)));
        await Works(credential, earlier);
    }

    [Fact]
    public async Task GraceEnd_ByManyProcessesAtOnce_IsDoneOnce()
    {
        await using var credential = await Arrange();
        await credential.Rotate();
        credential.Advance(credential.Grace + TimeSpan.FromSeconds(1));
        var owed = credential.Provider.Owed(credential.Resource).Single();
        var processes = Enumerable.Range(0, 4).Select(_ => credential.Restart()).ToArray();
        var ends = await Task.WhenAll(processes.Select(process => process.Fulfil(credential.Resource, owed, CancellationToken.None)));
        ends.OfType<Execution.Done>().Should().ContainSingle();
        await Works(credential, credential.Sink);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotate_DiedAtEveryCall_IsFinishedOrTakenBack(bool after)
    {
        await using var credential = await Arrange();
        for (var call = 1; ; call++)
        {
            var earlier = credential.Sink;
            var ticket = await credential.Ticket(credential.Rotation);
            var died = await Dies(credential, (call, after), () => credential.Execute(ticket));
            await Works(credential, credential.Sink);
            await Works(credential, earlier);
            credential.Restart();
            var end = await credential.Probe(ticket);
            end.Should().NotBeOfType<Execution.Unknown>($"it died at call {call}: {RotatedCredential.Said(end)}");
            if (end is Execution.Done)
                credential.Sink.Should().NotBe(earlier);
            else
                credential.Sink.Should().Be(earlier, $"it died at call {call}");
            (await credential.Probe(ticket)).Should().BeOfType(end.GetType(), "it is settled");
            await Works(credential, earlier, credential.Sink);
            if (end is Execution.Done)
                RotatedCredential.Done((await credential.Pass(credential.Grace + TimeSpan.FromSeconds(1))).Single());
            if (!died)
            {
                call.Should().BeGreaterThan(5, "a rotation writes down what it does");
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Undo_DiedAtEveryCall_IsFinishedOrTakenBack(bool after)
    {
        await using var credential = await Arrange();
        for (var call = 1; ; call++)
        {
            var earlier = credential.Sink;
            var done = await credential.Rotate();
            var newer = credential.Sink;
            var ticket = await credential.Ticket(credential.Undo(done));
            var died = await Dies(credential, (call, after), () => credential.Execute(ticket));
            await Works(credential, earlier, newer);
            credential.Restart();
            var end = await credential.Probe(ticket);
            end.Should().NotBeOfType<Execution.Unknown>($"it died at call {call}: {RotatedCredential.Said(end)}");
            credential.Sink.Should().Be(end is Execution.Done ? earlier : newer, $"it died at call {call}");
            await Works(credential, earlier, newer);
            RotatedCredential.Done((await credential.Pass(credential.Grace + TimeSpan.FromSeconds(1))).Single());
            await Works(credential, credential.Sink);
            if (!died)
                return;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GraceEnd_DiedAtEveryCall_EndsLater(bool after)
    {
        await using var credential = await Arrange();
        for (var call = 1; ; call++)
        {
            var earlier = credential.Sink;
            await credential.Rotate();
            credential.Advance(credential.Grace + TimeSpan.FromSeconds(1));
            var owed = credential.Provider.Owed(credential.Resource).Single();
            var died = await Dies(credential, (call, after), () => credential.Provider.Fulfil(credential.Resource, owed, CancellationToken.None));
            await Works(credential, credential.Sink);
            credential.Restart();
            await credential.Pass(TimeSpan.FromMinutes(5));
            credential.Provider.Owed(credential.Resource).Should().BeEmpty($"it died at call {call}");
            await Works(credential, credential.Sink);
            (await credential.Works(earlier)).Should().BeFalse();
            if (!died)
                return;
        }
    }

    [Fact]
    public async Task Anything_SaidOrWrittenDown_HoldsNoValue()
    {
        await using var credential = await Arrange();
        var (values, said) = (new List<string>(), new StringBuilder());
        void Saw() => values.Add(credential.SecretPart(credential.Sink));
        void Says(Execution execution) => said.AppendLine(execution is Execution.Done done ? $"{done.Data.ToJsonString()} {string.Join(' ', done.Undo?.Arguments.Values.Values.Select(value => value.GetRawText()) ?? [])}" : RotatedCredential.Said(execution));
        async Task Sees(OperationRequest request) => said.AppendLine(await credential.Provider.Preview(request, CancellationToken.None) switch
        {
            Previewed.Seen { Preview: var seen } => CanonicalJson.Text(new JsonObject
            {
                ["summary"] = seen.Summary,
                ["item"] = seen.Item.ToString(),
                ["fingerprint"] = string.Join(' ', seen.Fingerprint.Values),
                ["facts"] = new JsonArray([.. seen.Facts.Select(PreviewDocument.Of)]),
                ["undo"] = seen.UndoNote,
            }),
            Previewed.Refused refused => refused.Refusal.ToString(),
            _ => "",
        });

        Saw();
        await Sees(credential.Rotation);
        var done = await credential.Rotate();
        Saw();
        Says(done);
        await Sees(credential.Rotation);
        await Sees(credential.Undo(done));
        Says(await credential.Call(credential.Undo(done)));
        Says(await credential.Call(credential.Undo(done)));
        said.Append(string.Concat(credential.Provider.Owed(credential.Resource).Select(owed => owed.Summary)));
        foreach (var end in await credential.Pass(credential.Grace + TimeSpan.FromSeconds(1)))
            Says(end);
        credential.Secrets.OnWrite = _ => RefusalCatalog.SecretNotWritable.Because("No.");
        Says(await credential.Call(credential.Rotation));

        values.Should().OnlyHaveUniqueItems();
        foreach (var folder in credential.Folders)
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                said.AppendLine(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        }

        foreach (var value in values.Concat(credential.NeverShown))
            said.ToString().Should().NotContain(value).And.NotContain(Uri.EscapeDataString(value));
    }

    private static async Task Works(RotatedCredential credential, params string[] values)
    {
        foreach (var value in values)
            (await credential.Works(value)).Should().BeTrue("an application that holds it must be let in");
    }

    /// <summary>Whether it died at that call; the rest of what was broken is whole again.</summary>
    private static async Task<bool> Dies(RotatedCredential credential, (int Call, bool After) at, Func<Task> work)
    {
        (credential.Secrets.Calls, credential.Secrets.Break) = (0, at);
        try
        {
            await work();
            return false;
        }
        catch (DiedException)
        {
            return true;
        }
        finally
        {
            credential.Secrets.Break = null;
        }
    }
}
