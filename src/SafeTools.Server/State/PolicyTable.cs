using Microsoft.Data.Sqlite;

namespace SafeTools.Server.State;

/// <summary>Accepted policies, and signatures under them and under the one that may come next.</summary>
internal sealed class PolicyTable(Database database)
{
    private const string Select = "select epoch, digest, key, nonce, audit_head, signature from policy_signatures";

    public int Epoch() => database.Rows("select coalesce(max(epoch), 0) from policies", row => row.GetInt32(0))[0];

    public IReadOnlyList<AcceptedPolicy> All()
    {
        var signatures = database.Rows($"{Select} order by number", Map).ToLookup(signature => (signature.Epoch, signature.PolicyDigest));
        return
        [
            .. database.Rows("select epoch, document from policies order by epoch", row => new AcceptedPolicy(row.GetInt32(0), row.Json(1), []))
                .Select(policy => policy with { Signatures = [.. signatures[(policy.Epoch, policy.Digest)]] }),
        ];
    }

    public IReadOnlyList<PolicySignature> Signatures(int epoch) => database.Rows($"{Select} where epoch = @epoch order by number", Map, ("@epoch", epoch));

    /// <summary>A person who signs the same policy again replaces the earlier signature.</summary>
    public void Add(PolicySignature signature)
    {
        database.Execute(
            "delete from policy_signatures where epoch = @epoch and digest = @digest and key = @key",
            ("@epoch", signature.Epoch),
            ("@digest", signature.PolicyDigest),
            ("@key", signature.Key));
        database.Execute(
            """
            insert into policy_signatures (epoch, digest, key, nonce, audit_head, signature)
            values (@epoch, @digest, @key, @nonce, @head, @signature)
            """,
            ("@epoch", signature.Epoch),
            ("@digest", signature.PolicyDigest),
            ("@key", signature.Key),
            ("@nonce", signature.Nonce),
            ("@head", signature.AuditHead),
            ("@signature", signature.Signature));
    }

    public void Add(int epoch, string document) =>
        database.Execute("insert into policies (epoch, document) values (@epoch, @document)", ("@epoch", epoch), ("@document", document));

    private static PolicySignature Map(SqliteDataReader row) =>
        new(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5));
}
