using System.Globalization;

namespace SafeTools.Providers.Postgres;

/// <summary>How every session is set before it carries anything of an agent's. Settings of the role or the database do not count: each is said here.</summary>
internal static class SessionSettings
{
    /// <summary>How soon the server notices that we hung up, even in the middle of a statement: this is how one is ended that does not listen to a cancel.</summary>
    private const string HangUpNoticed = "500ms";

    /// <summary>In the order in which they are sent.</summary>
    public static IEnumerable<string> Statements(Layers layers, TimeSpan longest)
    {
        if (layers.ReadOnly)
            yield return "set default_transaction_read_only = on";
        if (layers.Timeouts)
        {
            yield return StatementTimeout(longest, local: false);
            yield return "set lock_timeout = '1s'";
            yield return "set idle_in_transaction_session_timeout = '30s'";
            yield return "set idle_session_timeout = '15min'";
            yield return $"set client_connection_check_interval = '{HangUpNoticed}'";
        }

        // What an answer looks like does not depend on who asks from where.
        yield return "set timezone = 'UTC'";
        yield return "set datestyle = 'ISO, YMD'";
        yield return "set intervalstyle = 'iso_8601'";
        yield return "set extra_float_digits = 1";
        yield return "set bytea_output = 'hex'";
        yield return "set xmlbinary = 'base64'";
        // How a text is divided must be as SqlText divides it.
        yield return "set standard_conforming_strings = on";
        yield return "set backslash_quote = safe_encoding";
        // Policies on rows hold, and an error where they would not.
        yield return "set row_security = on";
        // One statement costs one backend, and little memory for each sort and hash.
        yield return "set work_mem = '8MB'";
        yield return "set hash_mem_multiplier = 1";
        yield return "set max_parallel_workers_per_gather = 0";
        yield return "set jit = off";
        if (layers.ParseGate)
        {
            yield return "set debug_pretty_print = off";
            yield return "set debug_print_parse = off";
            yield return "set debug_print_plan = off";
            yield return "set debug_print_rewritten = off";
            yield return "set client_min_messages = log";
        }
    }

    /// <summary>
    /// Makes the server show the tree of what it analyses from here on: to us, and in its own log. So it is on for the agent's statements alone.
    /// </summary>
    public static string ShowTrees(bool on, bool local) => $"set {(local ? "local" : "session")} debug_print_rewritten = {(on ? "on" : "off")}";

    public static string StatementTimeout(TimeSpan time, bool local) =>
        string.Create(CultureInfo.InvariantCulture, $"set {(local ? "local" : "session")} statement_timeout = {(long)Math.Ceiling(time.TotalMilliseconds)}");
}
