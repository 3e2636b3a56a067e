using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;
using SafeTools.Providers.LocalVolume;
using SafeTools.Server.Secrets;

namespace SafeTools.IntegrationTests.Crashes;

/// <summary>Every kind of change that a server or a verb makes. A new kind of audit entry or a new operation without a story fails a test.</summary>
internal static class Stories
{
    private const string Scratch = Workspace.Staging;

    private static readonly SecretReference Db = new(SecretPlace.Store, "db");

    private static JsonObject OfScratch => new() { ["volume"] = Scratch };

    /// <summary>The operations that change something, each with the stories in which it runs.</summary>
    public static readonly IReadOnlyDictionary<string, string> Operations = new Dictionary<string, string>
    {
        [SnapshotVolume.Name] = "snapshot",
        [DiscardSnapshot.Name] = "undo of a snapshot",
        [KeepSnapshot.Name] = "undo of an undo",
        [DeleteVolume.Name] = "approved delete",
        [Undelete.Name] = "undo of a delete",
        [RestoreVolume.Name] = "restore",
        [Unrestore.Name] = "undo of a restore",
        [PurgeQuarantined.Name] = "approved purge",
    };

    public static IReadOnlyList<Story> All { get; } =
    [
        new("first secret")
        {
            Kinds = [],
            Verb = _ => (["secrets", "set", "db"], [("The value of db:", "new")]),
            Check = (ground, _) => SecretIs(ground, ground.Killed ? [null, "new"] : ["new"]),
        },
        new("secret set anew")
        {
            Kinds = [],
            Prepare = ground => Task.FromResult(Keep(ground, "old")),
            Verb = _ => (["secrets", "set", "db"], [("The value of db:", "new")]),
            Check = (ground, _) => SecretIs(ground, ground.Killed ? ["old", "new"] : ["new"]),
        },
        new("key of the secrets rotated")
        {
            Kinds = [],
            Prepare = ground => Task.FromResult(Keep(ground, "old")),
            Verb = _ => (["secrets", "rotate-key"], []),
            Check = (ground, _) => SecretIs(ground, ["old"]),
        },
        new("read")
        {
            Kinds = [AuditKind.ReadAnswered, AuditKind.ReadFailed, AuditKind.CallRefused],
            Act = async (ground, session) =>
            {
                await ground.Tell(session, "query_staging_db", new() { ["sql"] = "select 1" });
                await ground.Tell(session, "query_staging_db", new() { ["sql"] = "drop table orders" });
                await ground.Tell(session, "query_staging_db", []);
            },
            Check = async (ground, _) =>
            {
                var audit = await ground.Workspace.Audit();
                audit.Count(entry => entry.Kind == "read.answered").Should().BeGreaterThanOrEqualTo(ground.Told.Count(told => told["outcome"]!.GetValue<string>() == "executed"), "no audit, no answer");
                audit.Count(entry => entry.Kind is "call.refused" or "read.failed").Should().BeGreaterThanOrEqualTo(
                    ground.Told.Count(told => told["outcome"]!.GetValue<string>() == "refused"), string.Join(" ", ground.Told.Select(told => told.ToJsonString())));
            },
        },
        new("snapshot")
        {
            Kinds = [AuditKind.ActionBegun, AuditKind.ActionEnded],
            Act = (ground, session) => ground.Tell(session, "snapshot_scratch_volume", OfScratch),
            Check = async (ground, actions) =>
            {
                Points(ground).Should().BeEquivalentTo(actions.Where(action => action.Status == ActionStatus.Succeeded).Select(action => action.Id));
                (await ground.Try("snapshot_scratch_volume", OfScratch)).Should().BeOfType<Outcome.Executed>("a dead request blocks no other");
                Directory.EnumerateDirectories(Path.Combine(ground.Workspace.Folder, "elsewhere", Scratch)).Should().NotContain(path => path.EndsWith("partial", StringComparison.Ordinal));
            },
        },
        new("undo of a snapshot")
        {
            Kinds = [AuditKind.ActionBegun, AuditKind.ActionEnded],
            Prepare = ground => ground.Ask("snapshot", "snapshot_scratch_volume", OfScratch),
            Act = (ground, session) => ground.Tell(session, "undo_action", new() { ["id"] = ground.Ids["snapshot"] }),
            Check = (ground, actions) =>
            {
                Points(ground).Should().HaveCount(Undone(ground, actions, "snapshot") ? 0 : 1);
                return Task.CompletedTask;
            },
        },
        new("undo of an undo")
        {
            Kinds = [AuditKind.ActionBegun, AuditKind.ActionEnded],
            Prepare = async ground =>
            {
                await ground.Ask("snapshot", "snapshot_scratch_volume", OfScratch);
                await ground.Undo("discard", "snapshot");
            },
            Act = (ground, session) => ground.Tell(session, "undo_action", new() { ["id"] = ground.Ids["discard"] }),
            Check = (ground, actions) =>
            {
                Points(ground).Should().HaveCount(Undone(ground, actions, "discard") ? 1 : 0);
                return Task.CompletedTask;
            },
        },
        new("proposal, repeated and withdrawn")
        {
            Kinds = [AuditKind.ActionProposed, AuditKind.ActionRepeated, AuditKind.ActionEnded],
            Act = async (ground, session) =>
            {
                var id = await ground.Tell(session, "delete_scratch_volume", OfScratch);
                (await ground.Tell(session, "delete_scratch_volume", OfScratch)).Should().Be(id);
                ground.Told.Add(await session.Call("withdraw_proposal", new() { ["id"] = id }));
            },
            Check = async (ground, actions) =>
            {
                Untouched(ground);
                actions.Should().HaveCountLessThanOrEqualTo(1);
                if (ground.Told.Any(told => told["data"]?["withdrawn"] is not null))
                {
                    actions.Single().Status.Should().Be(ActionStatus.Withdrawn);
                }

                (await ground.Try("delete_scratch_volume", OfScratch)).Should().BeOfType<Outcome.Proposed>();
            },
        },
        new("approved delete")
        {
            Kinds = [AuditKind.ActionClaimed, AuditKind.ActionEnded],
            Prepare = ground => ground.Ask("delete", "delete_scratch_volume", OfScratch),
            Act = (ground, _) => Approved(ground, "delete"),
            Check = (ground, actions) =>
            {
                // A kill between the claim and the move leaves it failed: not done, and never tried again by itself.
                var done = Status(ground, actions, "delete") == ActionStatus.Succeeded;
                ground.Workspace.Quarantined().Should().Be(done ? 1 : 0);
                Directory.Exists(ground.Workspace.Volume(Scratch)).Should().Be(!done);
                return Task.CompletedTask;
            },
        },
        new("undo of a delete")
        {
            Kinds = [AuditKind.ActionBegun, AuditKind.ActionEnded],
            Prepare = Deleted,
            Act = (ground, session) => ground.Tell(session, "undo_action", new() { ["id"] = ground.Ids["delete"] }),
            Check = (ground, actions) =>
            {
                var back = Undone(ground, actions, "delete");
                Directory.Exists(ground.Workspace.Volume(Scratch)).Should().Be(back);
                ground.Workspace.Quarantined().Should().Be(back ? 0 : 1);
                return Task.CompletedTask;
            },
        },
        new("approved purge")
        {
            Kinds = [AuditKind.ActionClaimed, AuditKind.ActionEnded],
            Prepare = async ground =>
            {
                await Deleted(ground);
                await ground.Ask("purge", "purge_scratch_volume", new() { ["quarantined"] = ground.Ids["delete"] });
            },
            MayStayUnknown = true,
            Act = (ground, _) => Approved(ground, "purge"),
            Check = (ground, actions) =>
            {
                var status = Status(ground, actions, "purge");
                ground.Workspace.Quarantined().Should().Be(status is ActionStatus.Succeeded or ActionStatus.Unknown ? 0 : 1);
                Directory.Exists(Path.Combine(ground.Workspace.Folder, "volumes", ".safetools", "purging", ground.Ids["purge"]))
                    .Should().Be(status == ActionStatus.Unknown, "it is unknown exactly while half of it lies there");
                Directory.Exists(ground.Workspace.Volume(Scratch)).Should().BeFalse();
                return Task.CompletedTask;
            },
        },
        new("restore")
        {
            Kinds = [AuditKind.ActionBegun, AuditKind.ActionEnded],
            Prepare = Changed,
            Act = (ground, session) => ground.Tell(session, "restore_scratch_volume", new() { ["volume"] = Scratch, ["recovery_point"] = ground.Ids["snapshot"] }),
            Check = (ground, actions) => Holds(ground, Notes(actions.Any(action => action.Tool == "restore_scratch_volume" && action.Status == ActionStatus.Succeeded))),
        },
        new("undo of a restore")
        {
            Kinds = [AuditKind.ActionBegun, AuditKind.ActionEnded],
            Prepare = async ground =>
            {
                await Changed(ground);
                await ground.Ask("restore", "restore_scratch_volume", new() { ["volume"] = Scratch, ["recovery_point"] = ground.Ids["snapshot"] });
            },
            Act = (ground, session) => ground.Tell(session, "undo_action", new() { ["id"] = ground.Ids["restore"] }),
            Check = (ground, actions) => Holds(ground, Notes(!Undone(ground, actions, "restore"))),
        },
        new("stale")
        {
            Kinds = [AuditKind.ActionClaimed, AuditKind.ActionEnded],
            Prepare = async ground =>
            {
                await ground.Ask("delete", "delete_scratch_volume", OfScratch);
                Directory.Move(ground.Workspace.Volume(Scratch), ground.Workspace.Volume("moved-away"));
                ground.Workspace.Write($"volumes/{Scratch}/notes.txt", "another\n");
            },
            Act = (ground, _) => Approved(ground, "delete"),
            Check = (ground, actions) =>
            {
                Status(ground, actions, "delete").Should().BeOneOf(ActionStatus.Stale, ActionStatus.Failed);
                return Holds(ground, "another\n");
            },
        },
        new("start, with an expiry, an approval that no longer holds and files that wait")
        {
            Kinds = [AuditKind.ActionEnded, AuditKind.ActionReopened, AuditKind.PolicyWaiting],
            Prepare = async ground =>
            {
                await ground.Ask("delete", "delete_scratch_volume", OfScratch);
                await ground.Approve("delete", execute: false);
                ground.Workspace.Edit("tools: ./tool-specs\n", "tools: ./tool-specs\npolicy: { proposal_life: 1ms }\n");
                (await ground.Human.Accept()).Should().BeNull();
                await ground.Ask("snapshot", "snapshot_volume", new() { ["volume"] = Workspace.Shared });
                ground.Workspace.Edit("- delete_volume@production", "- delete_volume@staging");
            },
            FromStart = true,
            Act = async (ground, _) =>
            {
                await Ended(ground, "delete");
                await Ended(ground, "snapshot");
                await Eventually.Get(ground.Workspace.Audit, audit => ground.Over || audit.Any(entry => entry.Kind == "policy.waiting"));
            },
            Check = (ground, actions) =>
            {
                actions.Should().OnlyContain(action => action.Status == ActionStatus.Expired);
                Untouched(ground);
                return Task.CompletedTask;
            },
        },
        new("refreshed")
        {
            Kinds = [AuditKind.PreviewRefreshed],
            Prepare = async ground =>
            {
                await ground.Ask("delete", "delete_scratch_volume", OfScratch);
            },
            Act = async (ground, _) =>
            {
                await ground.Want("delete");
                await Eventually.Get(() => ground.Workspace.Action(ground.Ids["delete"]), action => ground.Over || !action.PreviewWanted);
            },
            Check = (ground, actions) =>
            {
                Status(ground, actions, "delete").Should().Be(ActionStatus.Pending);
                return Task.CompletedTask;
            },
        },
        new("set back by hand")
        {
            Kinds = [AuditKind.ActionRestored],
            Prepare = Deleted,
            Act = async (ground, _) =>
            {
                Workspace.Sql(ground.Workspace.StoreFile, "update actions set status = 'executing'").Should().Be(1);
                await Ended(ground, "delete");
            },
            Check = (ground, _) =>
            {
                ground.Workspace.Quarantined().Should().Be(1);
                return Task.CompletedTask;
            },
        },
        new("approve")
        {
            Kinds = [AuditKind.NonceIssued, AuditKind.DecisionAccepted],
            Prepare = ground => ground.Ask("delete", "delete_scratch_volume", OfScratch),
            Verb = ground => (["proposals", "approve", ground.Ids["delete"]], [("Passphrase of dana:", Human.Passphrase)]),
            Check = async (ground, actions) =>
            {
                var audit = await ground.Workspace.Audit();
                var decided = audit.Any(entry => entry.Kind == "decision.accepted");
                Status(ground, actions, "delete").Should().Be(decided ? ActionStatus.Succeeded : ActionStatus.Pending);
                ground.Workspace.Quarantined().Should().Be(decided ? 1 : 0);
            },
        },
        new("reject")
        {
            Kinds = [AuditKind.NonceIssued, AuditKind.DecisionAccepted],
            Prepare = ground => ground.Ask("delete", "delete_scratch_volume", OfScratch),
            Verb = ground => (["proposals", "reject", ground.Ids["delete"]], [("Passphrase of dana:", Human.Passphrase)]),
            Check = async (ground, actions) =>
            {
                var audit = await ground.Workspace.Audit();
                Status(ground, actions, "delete").Should().Be(audit.Any(entry => entry.Kind == "decision.accepted") ? ActionStatus.Rejected : ActionStatus.Pending);
                Untouched(ground);
            },
        },
        new("accept")
        {
            Kinds = [AuditKind.NonceIssued, AuditKind.PolicyAccepted],
            Prepare = ground =>
            {
                ground.Workspace.Edit("- delete_volume@production", "- delete_volume@staging");
                return Task.CompletedTask;
            },
            Verb = _ => (["accept"], [("Passphrase of dana:", Human.Passphrase)]),
            Check = async (ground, _) => (await ground.Workspace.Audit()).Count(entry => entry.Kind == "policy.accepted").Should().BeInRange(1, 2),
        },
        new("freeze")
        {
            Kinds = [AuditKind.Frozen],
            Verb = _ => (["freeze", "local"], []),
            Check = async (ground, _) => (await ground.Try("query_staging_db", new() { ["sql"] = "select 1" }) is Outcome.Executed)
                .Should().Be((await ground.Workspace.Audit()).Any(entry => entry.Kind == "principal.frozen") == false),
        },
        new("unfreeze")
        {
            Kinds = [AuditKind.NonceIssued, AuditKind.Unfrozen],
            Prepare = async ground => (await ground.Workspace.Run("freeze", "local")).ExitCode.Should().Be(0),
            Verb = _ => (["unfreeze", "local"], [("Passphrase of dana:", Human.Passphrase)]),
            Check = async (ground, _) => (await ground.Try("query_staging_db", new() { ["sql"] = "select 1" }) is Outcome.Executed)
                .Should().Be((await ground.Workspace.Audit()).Any(entry => entry.Kind == "principal.unfrozen") == true),
        },
    ];

    /// <summary>Recovery points that count.</summary>
    private static Refusal? Keep(Ground ground, string value) => new PlacedSecrets(ground.Workspace.State).Write(Db, new Secret(value));

    /// <summary>One of the values, and the store goes on: the next write and the next key find nothing in their way, and leave nothing of the dead.</summary>
    private static Task SecretIs(Ground ground, string?[] values)
    {
        var secrets = new PlacedSecrets(ground.Workspace.State);
        var read = secrets.Read(Db);
        (read as SecretRead.Missing)?.Why.Code.Should().Be(RefusalCatalog.SecretMissing);
        values.Should().Contain((read as SecretRead.Found)?.Secret.Reveal());
        foreach (var file in Directory.GetFiles(ground.Workspace.State, "*secrets*").Concat(Directory.GetFiles(ground.Workspace.State, AtomicFile.Unfinished)))
        {
            File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }

        Keep(ground, "next").Should().BeNull();
        File.Exists(Path.Combine(ground.Workspace.State, AtomicFile.Unfinished)).Should().BeFalse();
        File.Exists(Path.Combine(ground.Workspace.State, SecretStore.NextKeyName)).Should().BeFalse();
        new SecretStore(ground.Workspace.State, TimeProvider.System).RotateKey().Should().BeNull();
        (secrets.Read(Db) as SecretRead.Found)!.Secret.Reveal().Should().Be("next");
        return Task.CompletedTask;
    }

    private static string[] Points(Ground ground)
    {
        var folder = Path.Combine(ground.Workspace.Folder, "elsewhere", Scratch);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Where(name => name.StartsWith("act-", StringComparison.Ordinal) && !name.Contains('.', StringComparison.Ordinal))]
            : [];
    }

    private static bool Undone(Ground ground, IReadOnlyList<StoredAction> actions, string name) =>
        actions.Any(action => action.Undoes == ground.Ids[name] && action.Status == ActionStatus.Succeeded);

    private static ActionStatus Status(Ground ground, IReadOnlyList<StoredAction> actions, string name) => actions.Single(action => action.Id == ground.Ids[name]).Status;

    private static async Task Approved(Ground ground, string name)
    {
        await ground.Approve(name, execute: false);
        await Ended(ground, name);
    }

    private static Task<StoredAction> Ended(Ground ground, string name) =>
        Eventually.Get(() => ground.Workspace.Action(ground.Ids[name]), action => ground.Over || !ActionLife.IsOpen(action.Status));

    private static void Untouched(Ground ground)
    {
        File.ReadAllText(Path.Combine(ground.Workspace.Volume(Scratch), "notes.txt")).Should().Be("scratch\n");
        ground.Workspace.Quarantined().Should().Be(0);
    }

    private static async Task Deleted(Ground ground)
    {
        await ground.Ask("delete", "delete_scratch_volume", OfScratch);
        await ground.Approve("delete", execute: true);
    }

    private static async Task Changed(Ground ground)
    {
        await ground.Ask("snapshot", "snapshot_scratch_volume", OfScratch);
        ground.Workspace.Write($"volumes/{Scratch}/notes.txt", "changed since\n");
    }

    private static string Notes(bool restored) => restored ? "scratch\n" : "changed since\n";

    private static async Task Holds(Ground ground, string notes) => (await File.ReadAllTextAsync(Path.Combine(ground.Workspace.Volume(Scratch), "notes.txt"))).Should().Be(notes);
}
