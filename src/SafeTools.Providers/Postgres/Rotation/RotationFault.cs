using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>What the functions on the server refuse, by codes of our own (class ST, which the SQL standard leaves to us), as refusals in our own words.</summary>
internal static class RotationFault
{
    public const string NoSuchSlot = "ST101";
    public const string NotAVerifier = "ST102";
    public const string OutOfBounds = "ST103";
    public const string AnotherVersion = "ST104";
    public const string NotAnApplication = "ST105";
    public const string NotAMember = "ST106";
    public const string ChangedByOthers = "ST107";
    public const string InUse = "ST108";
    public const string HasSessions = "ST109";
    public const string LastOne = "ST110";

    private const string ReadOnly = "25006";
    private const string NoSuchSchema = "3F000";
    private const string NoSuchFunction = "42883";
    private const string NoRight = "42501";

    /// <summary>Whether the server itself said no, so that what was asked for did not happen there.</summary>
    public static bool IsAnswer(Exception fault) => fault is PostgresException { InvariantSeverity: "ERROR" };

    public static Refusal Of(Exception fault) => (fault as PostgresException)?.SqlState switch
    {
        NoSuchSlot => RefusalCatalog.RotationSlotMissing.Because("The server knows no such slot for the rotating role."),
        NotAVerifier or OutOfBounds => RefusalCatalog.InternalFault.Because("The server's functions did not take what SafeTools sent."),
        AnotherVersion => RefusalCatalog.RotationUnderWay.Because("Another rotation of the same slot came first; the server kept to that one."),
        NotAnApplication => RefusalCatalog.RotationSlotMissing.Because("A slot's role is gone, or may do more than an application now; the server changed nothing."),
        NotAMember => RefusalCatalog.RotationSlotMissing.Because("The slot's role is no member of the application's owner role, so the application could do nothing with it."),
        ChangedByOthers => RefusalCatalog.RotatedByOthers.Because("Something else changed the password of the slot's role since SafeTools set it; the server changed nothing."),
        InUse => RefusalCatalog.RotationInGrace.Because("Both slots can be used, so a grace runs still; the server changed nothing."),
        HasSessions => RefusalCatalog.RotationInGrace.Because("The slot that is to be set has open sessions still; the server changed nothing."),
        LastOne => RefusalCatalog.RotationInGrace.Because("The slot is the only one that works; the server left it as it is."),
        ReadOnly => RefusalCatalog.RotationOnStandby.Because("The rotator's connection leads to a server that only takes reads."),
        NoSuchSchema or NoSuchFunction or NoRight => RefusalCatalog.RotationNotSetUp.Because("The database has no functions for rotating, or the rotating role may not call them."),
        _ => ServerFault.Of(fault, "", PostgresOperations.Longest),
    };
}
