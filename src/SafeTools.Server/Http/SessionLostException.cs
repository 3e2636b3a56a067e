namespace SafeTools.Server.Http;

/// <summary>The server has forgotten the session: it was started anew, or nobody used the session for long.</summary>
internal sealed class SessionLostException : Exception;
