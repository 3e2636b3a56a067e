namespace SafeTools.Tests.Support;

/// <summary>A service that asks for a token: what a second kind of credential needs to be tested with.</summary>
internal sealed class TokenService(string environment)
{
    private int _asked;

    public string Environment => environment;

    public string? Token { get; set; }

    public bool Expired { get; set; }

    public bool Down { get; set; }

    /// <summary>How often it was shown a token.</summary>
    public int Asked => _asked;

    /// <returns>The status, as HTTP has it; 0 where nobody answers.</returns>
    public int Ask(string token)
    {
        if (Down)
            return 0;
        Interlocked.Increment(ref _asked);
        return token != Token ? 401 : Expired ? 403 : 200;
    }
}
