using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SafeTools.Server.Cli;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Demo;

/// <summary>What an agent with a shell under the same user may try in order to say yes itself.</summary>
internal static class Intruder
{
    /// <summary>Writes "approved" into the store's row.</summary>
    public static void EditRow(Sandbox sandbox, string actionId)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = sandbox.StoreFile, Pooling = false }.ToString());
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "update actions set status = 'approved' where id = $id";
        command.Parameters.AddWithValue("$id", actionId);
        command.ExecuteNonQuery();
    }

    /// <summary>A key of its own, named in safetools.yaml as an approver of everything.</summary>
    public static Signer EnrolItself(Sandbox sandbox)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var itself = new Approver("agent", P256PublicKey.Of(key), [Approver.Everything]);
        ApproverLines.Add(sandbox.Locations.Configuration, itself);
        return new Signer(itself, key);
    }

    /// <summary>A human's real signature, taken from another decision and put under this action.</summary>
    public static async Task<Judged> Replay(Runtime runtime, StoredAction action, string decidedActionId, CancellationToken cancellationToken)
    {
        var stolen = (await runtime.Store.Evidence(decidedActionId, cancellationToken).ConfigureAwait(false)).Decisions[0];
        var nonce = await runtime.Store.IssueNonce($"action:{action.Id}", cancellationToken).ConfigureAwait(false);
        var replayed = stolen with { ActionId = action.Id, PreviewDigest = action.PreviewDigest, Nonce = nonce.Text, AuditHead = nonce.AuditHead };
        return await runtime.Pipeline.Decide(replayed, cancellationToken).ConfigureAwait(false);
    }
}
