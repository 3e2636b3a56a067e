using System.Security.Authentication;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Why a login failed, by SQLSTATE and by the server's routine that reported it (the error field R), since several reasons share a SQLSTATE. Texts are
/// in the server's language and decide nothing, but for one that nothing else tells.
/// </summary>
internal static class LoginFault
{
    private const string OfTheRole = "InitializeSessionUserId";
    private const string OfTheDatabase = "CheckMyDatabase";

    public static string Kind(Exception fault) => fault switch
    {
        PostgresException server => Kind(server.SqlState, server.Routine ?? "", server.MessageText),
        PoolerException => DiagnosisKinds.Pooler,
        WrongServerException => DiagnosisKinds.PinnedKeyDiffers,
        OperationCanceledException or TimeoutException or NpgsqlException { InnerException: TimeoutException } => DiagnosisKinds.TimedOut,
        AuthenticationException or NpgsqlException { InnerException: AuthenticationException } => DiagnosisKinds.TlsFailed,
        _ => DiagnosisKinds.LoginFailed,
    };

    public static string Kind(string state, string routine, string message) => state switch
    {
        "28P01" => DiagnosisKinds.NotLetIn,
        // Only where no password is asked for (trust); with one, a missing role looks like a wrong password.
        "28000" when routine == OfTheRole => message.Contains("does not exist", StringComparison.Ordinal) ? DiagnosisKinds.NoSuchRole : DiagnosisKinds.LoginNotAllowed,
        "28000" => DiagnosisKinds.HostRules,
        "3D000" => DiagnosisKinds.NoSuchDatabase,
        "42501" => DiagnosisKinds.NoConnectRight,
        "55000" => DiagnosisKinds.DatabaseClosed,
        "53300" when routine == OfTheRole => DiagnosisKinds.TooManyOfRole,
        "53300" when routine == OfTheDatabase => DiagnosisKinds.TooManyOnDatabase,
        "53300" => DiagnosisKinds.TooManyOnServer,
        "57P01" or "57P02" or "57P03" => DiagnosisKinds.ServerNotReady,
        _ => DiagnosisKinds.LoginFailed,
    };
}
