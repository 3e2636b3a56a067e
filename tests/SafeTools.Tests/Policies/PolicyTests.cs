using SafeTools.Tests.Support;

namespace SafeTools.Tests.Policies;

public class PolicyTests
{
    [Theory]
    [InlineData(1, true, "alice:*@*")]
    [InlineData(1, false)]
    [InlineData(1, false, "alice:*@production")]
    [InlineData(2, true, "alice:*@*", "bob:*@*")]
    [InlineData(2, false, "alice:*@*", "alice:*@*")]
    [InlineData(2, false, "alice:*@*", "bob:*@staging")]
    public void CanBeFollowed_WhateverItsApprovers_NeedsEnoughPersonsForEverything(int persons, bool expected, params string[] approvers)
    {
        var signers = approvers.Select(text => new Signer(text.Split(':')[0], text.Split(':')[1])).ToArray();
        var rules = new PolicyRules { Approvals = new Dictionary<EnvironmentLabel, int> { [EnvironmentLabel.Production] = persons } };
        var policy = Sample.Policy(Sample.Tool(SampleProvider.Look), Sample.Principal(), [.. signers.Select(signer => signer.Approver)], rules);
        Array.ForEach(signers, signer => signer.Dispose());
        policy.CanBeFollowed.Should().Be(expected);
    }
}
