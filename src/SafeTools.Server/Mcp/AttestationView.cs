using System.Text.Json.Nodes;

namespace SafeTools.Server.Mcp;

/// <summary>What an agent is told of a proof: the verdict, when, and kinds. What mends it is for people (<c>safetools doctor</c>).</summary>
internal static class AttestationView
{
    public static JsonObject Of(Attestation attestation, Placement placement)
    {
        var view = new JsonObject { ["verdict"] = attestation.Verdict.Word() };
        if (attestation.Taken != default)
        {
            view["taken"] = PreviewDocument.Time(attestation.Taken);
        }

        view["findings"] = JsonValues.Array(attestation.Kinds());
        view["environment"] = placement.Environment.Word();
        view["environment_reason"] = placement.Reason;
        return view;
    }
}
