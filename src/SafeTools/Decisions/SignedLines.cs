using System.Globalization;
using System.Text;

namespace SafeTools;

/// <summary>The UTF-8 lines that approvers sign (DESIGN §4). Each line is one value without line breaks; the first names the kind.</summary>
internal static class SignedLines
{
    public static byte[] OfDecision(string store, int epoch, string actionDigest, string previewDigest, Verdict verdict, string nonce, string auditHead) =>
        Lines("safetools/decision/v1", store, Number(epoch), actionDigest, previewDigest, verdict.Word(), nonce, auditHead);

    public static byte[] OfDecision(Decision decision, string store, string actionDigest) =>
        OfDecision(store, decision.Epoch, actionDigest, decision.PreviewDigest, decision.Verdict, decision.Nonce, decision.AuditHead);

    /// <param name="epoch">The number that the policy will have.</param>
    /// <param name="previous">Digest of the policy before it, or <c>genesis</c>.</param>
    public static byte[] OfPolicy(string store, int epoch, string policyDigest, string previous, string nonce, string auditHead) =>
        Lines("safetools/policy/v1", store, Number(epoch), policyDigest, previous, nonce, auditHead);

    /// <param name="principal">Whose freeze is lifted; <c>*</c> for everybody's.</param>
    public static byte[] OfUnfreeze(string store, int epoch, string principal, string nonce, string auditHead) =>
        Lines("safetools/unfreeze/v1", store, Number(epoch), principal, nonce, auditHead);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static byte[] Lines(params ReadOnlySpan<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            if (line.AsSpan().ContainsAny('\n', '\r'))
            {
                throw new FormatException("A signed line holds a line break.");
            }

            text.Append(line).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
