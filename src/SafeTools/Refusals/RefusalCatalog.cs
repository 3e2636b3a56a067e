namespace SafeTools;

/// <summary>Every refusal there is. Numbers are never reused; docs/refusals.md is generated from here.</summary>
public static class RefusalCatalog
{
    private static readonly List<RefusalCode> Codes = [];

    // Arguments
    public static readonly RefusalCode UnknownArgument = Add(1101, "Unknown argument", "Send only the arguments that the tool's inputSchema names.");
    public static readonly RefusalCode ArgumentOutOfBounds = Add(1102, "Argument outside its bounds", "Keep to the length, range, pattern or values in the tool's inputSchema.");
    public static readonly RefusalCode MissingArgument = Add(1103, "Required argument missing", "Send every argument that the tool's inputSchema requires.");
    public static readonly RefusalCode WrongArgumentType = Add(1104, "Argument of the wrong type", "Nothing is converted: send the JSON type that the inputSchema states.");
    public static readonly RefusalCode MalformedArguments = Add(1105, "Arguments that are not clean JSON", "Send whole Unicode characters; half of a surrogate pair is none.");

    // Capability
    public static readonly RefusalCode UnknownTool = Add(1201, "Unknown tool", "Call tools/list or describe_access; a tool that is not granted does not exist for you.");
    public static readonly RefusalCode NotGrantedHere = Add(1202, "Not granted in this environment", "A human may add a grant to safetools.yaml and run: safetools accept.");
    public static readonly RefusalCode Frozen = Add(1203, "Frozen", "A human froze this principal or everybody. An approver lifts it with: safetools unfreeze.");
    public static readonly RefusalCode NotAcceptedYet = Add(1204, "No accepted policy yet", "Before the first safetools accept only read tools run. A human runs: safetools approvers enroll, then safetools accept.");
    public static readonly RefusalCode TooManyCalls = Add(1205, "Too many calls", "Wait as long as the message says, then call again.");
    public static readonly RefusalCode NotAClient = Add(1206, "Not a client of this server", "A human names this user of the operating system under os_users of one principal in safetools.yaml and runs: safetools accept. Root and the server's own user are never clients: connect as another user.");
    public static readonly RefusalCode TooManyConnections = Add(1207, "Too many connections", "Close clients that are no longer used, then connect again.");

    // Gate
    public static readonly RefusalCode AboveCeiling = Add(1301, "Item above the tool's environment", "The item belongs to a stricter environment than the tool is for. Use a tool of that environment, if you have one.");
    public static readonly RefusalCode RecoveryPointMissing = Add(1302, "No usable recovery point", "Make a recovery point outside the target's blast radius first, or an approver decides approve-without-recovery.");
    public static readonly RefusalCode Stale = Add(1303, "The target changed", "What was approved is not what is there now. Ask again; a human decides on the new facts.");
    public static readonly RefusalCode PolicyChanged = Add(1304, "The accepted policy changed", "The request or its decisions belong to an older policy. Ask again.");
    public static readonly RefusalCode EffectRaised = Add(1305, "The request turned out to be more dangerous", "What the server found makes it need a decision that it does not have. Ask again.");

    // Proposals and decisions
    public static readonly RefusalCode NoSuchProposal = Add(1401, "No such proposal", "Call list_proposals; only your own proposals exist for you.");
    public static readonly RefusalCode RejectedBefore = Add(1402, "Rejected by a human", "The same request refuses for 24 hours after a rejection. Read the reason and do something else.");
    public static readonly RefusalCode TooManyProposals = Add(1403, "Too many open proposals", "Wait for decisions, or withdraw proposals that are no longer needed.");
    public static readonly RefusalCode ProposalExpired = Add(1404, "Expired", "Nobody decided, or nobody executed, in time. Ask again.");
    public static readonly RefusalCode ProposalClosed = Add(1405, "Not open any more", "The action has ended; get_proposal says how.");
    public static readonly RefusalCode SignatureInvalid = Add(1406, "Signature does not verify", "The decision was not signed by the key of an approver of the accepted policy, or signs something else.");
    public static readonly RefusalCode NonceInvalid = Add(1407, "Decision not fresh", "A decision's number is issued by the store, lives two minutes and works once. Decide again.");
    public static readonly RefusalCode NotAnApprover = Add(1408, "Not an approver of this", "The key belongs to nobody whose approves pattern covers this tool and environment.");
    public static readonly RefusalCode AlreadyDecided = Add(1409, "This person has already decided", "Two approvals mean two persons.");
    public static readonly RefusalCode CannotUndo = Add(1410, "Cannot be undone", "The action did not succeed, was undone already, or has no undo.");
    public static readonly RefusalCode Withdrawn = Add(1411, "Withdrawn", "The principal took its proposal back. Ask again if it is needed after all.");
    public static readonly RefusalCode OwnerAlone = Add(1412, "The asker's owner is the only approver", "In production somebody other than the asking principal's owner must approve too.");
    public static readonly RefusalCode NotEnoughDecisions = Add(1413, "Not enough decisions", "The approvals that verify are fewer than the policy asks for.");

    // Items and providers
    public static readonly RefusalCode NoSuchItem = Add(1501, "No such item", "List what there is and use a name from that list.");
    public static readonly RefusalCode NameNotAllowed = Add(1502, "Name not allowed", "Names are single path segments of letters, digits, dot, dash and underscore, and do not begin with a dot.");
    public static readonly RefusalCode ResourceUnavailable = Add(1503, "The infrastructure did not answer", "Nothing was done. Try later; the server's log says more to a human.");
    public static readonly RefusalCode TimedOut = Add(1504, "Took too long", "Ask for less, or let a human raise the spec's time limit.");
    public static readonly RefusalCode OutcomeUnknown = Add(1505, "Nobody can tell whether it happened", "Do not repeat it. A human looks at the target and settles the action.");
    public static readonly RefusalCode NotSupportedHere = Add(1506, "Not supported on this system", "The operation needs something that this operating system or file system does not offer.");

    public static readonly RefusalCode SecretMissing = Add(1507, "The secret is not there", "A human puts it where the policy says, readable by the server alone: a file, or safetools secrets set. A variable takes effect when the server starts again.");
    public static readonly RefusalCode CredentialRefused = Add(1508, "The credential was not accepted", "Do not try to repair it. A human looks at the account, its password and the rules for logging in.");
    public static readonly RefusalCode CredentialNotProved = Add(1509, "The credential can do more than its tools promise", "Until it is mended, its tools refuse. A human runs: safetools doctor, which prints what mends it.");
    public static readonly RefusalCode SecretNotWritable = Add(1510, "The secret cannot be put there", "Nothing was changed. A human mends the place as the message says, or names another one in safetools.yaml and runs: safetools accept.");
    public static readonly RefusalCode SecretStoreUnusable = Add(1511, "The store of secrets cannot be used", "Nothing was changed. A human mends it as the message says; docs/secrets.md tells how to put a copy back.");

    // SQL
    public static readonly RefusalCode NotOneStatement = Add(1601, "Not exactly one statement", "Send one SELECT; nothing may follow it.");
    public static readonly RefusalCode NotARead = Add(1602, "Not a read", "Only SELECT is allowed; whatever could write, lock, load, configure or reach elsewhere is denied.");
    public static readonly RefusalCode InvalidStatement = Add(1603, "The engine does not understand the statement", "Check the syntax, and the names against the schema (a describe tool, or sqlite_schema).");
    public static readonly RefusalCode StatementTooCostly = Add(1604, "The statement is too large or too complex", "Send a shorter, flatter statement.");
    public static readonly RefusalCode NotOnTheAllowList = Add(1605, "Uses something that is not allowed in a read", "Use built-in functions, operators and types, and the tables that a describe tool shows; the server's own catalogue is not read, a describe tool answers from it.");
    public static readonly RefusalCode NotReadable = Add(1606, "The credential may not read that", "Ask for other tables or columns. A human grants more to the role, or names what stays masked.");
    public static readonly RefusalCode ValueNotComputed = Add(1607, "A value could not be computed", "A conversion, division or the like failed on some value. Check the arguments and the data's types.");

    // localvolume
    public static readonly RefusalCode NotAVolume = Add(1701, "Not a plain folder", "Symbolic links, files and mount points are never treated as volumes.");
    public static readonly RefusalCode NameTaken = Add(1702, "Something has that name already", "Choose another name, or move what is there.");
    public static readonly RefusalCode NotEnoughSpace = Add(1703, "Not enough space", "Free space where recovery points are kept; a reserve is never used.");
    public static readonly RefusalCode RecoveryPointDamaged = Add(1704, "Recovery point damaged", "Its content does not match its checksum. Use another one.");
    public static readonly RefusalCode ChangedWhileReading = Add(1705, "The volume changed while it was copied", "Stop what writes to it, then take the snapshot again.");

    // State
    public static readonly RefusalCode StateUnavailable = Add(1801, "The state store cannot be written", "No audit, no run. A human frees disk space or repairs the state folder.");
    public static readonly RefusalCode ClockWentBack = Add(1802, "The clock went backwards", "Nothing runs until the clock has passed the newest audit entry. A human sets the clock.");
    public static readonly RefusalCode AuditBroken = Add(1803, "The audit does not verify", "The store was edited or replaced. A human runs: safetools audit verify.");
    public static readonly RefusalCode PolicyNotSigned = Add(1804, "The accepted policy does not verify", "The store was edited. A human runs: safetools audit verify, then safetools accept.");
    public static readonly RefusalCode PolicyOfAnotherVersion = Add(1805, "The accepted policy is of another version of SafeTools", "Use the version that accepted it, or a newer one; this one changes nothing in the meantime.");
    public static readonly RefusalCode ForeignState = Add(1806, "Another user's state folder", "Run the command as the user who owns the state folder, or name another one with --state.");
    public static readonly RefusalCode NotOutOfReach = Add(1807, "Within other users' reach", "Only the server's own user and root may be able to write what the server believes. Mend owner and mode as the message says, then start it again.");

    // Anything else
    public static readonly RefusalCode InternalFault = Add(1901, "Fault in SafeTools", "Nothing was done. The server's log says more to a human; please report it.");

    // postgres
    public static readonly RefusalCode NotThePinnedServer = Add(2001, "Not the server that was accepted", "The address answers as another server or database than the policy pins. A human checks where the connection leads.");
    public static readonly RefusalCode ServerNotUnderstood = Add(2002, "The server's version is not understood", "Statements are judged by the server's own analysis, whose form is known for some major versions only. Use one of them.");

    // Rotation of credentials
    public static readonly RefusalCode RotationNotSetUp = Add(2051, "Rotation is not set up", "A human names application, rotator and service in safetools.yaml, and runs the SQL that safetools init rotation prints.");
    public static readonly RefusalCode RotatorTooPowerful = Add(2052, "The rotating credential can do more than rotate", "Until it is mended, nothing is rotated. A human runs: safetools doctor, which prints what mends it.");
    public static readonly RefusalCode RotationInGrace = Add(2053, "The grace of a rotation still runs", "Wait until it has ended, or undo the rotation. Another rotation now would take a credential that is still in use.");
    public static readonly RefusalCode RotationUnderWay = Add(2054, "Another rotation is under way", "Wait a minute, then ask again: what was interrupted is finished or taken back by itself.");
    public static readonly RefusalCode RotatedByOthers = Add(2055, "Another tool changed the password", "Find out who did, and whether that goes on. A human then runs the SQL of safetools init rotation again, which takes the slots as they are.");
    public static readonly RefusalCode RotationSinkUnfit = Add(2056, "The application's secret does not fit its slots", "The application's secret must be a connection string of one of the service's slots, to the same database. A human looks at it.");
    public static readonly RefusalCode RotationSlotMissing = Add(2057, "A slot is missing or unfit", "A human runs the SQL that safetools init rotation prints for the service.");
    public static readonly RefusalCode RotationOnStandby = Add(2058, "The server only takes reads", "Passwords are set on the primary. A human leads the rotator's connection there.");
    public static readonly RefusalCode RotationTakenBack = Add(2059, "Taken back", "Nothing is lost: the application's secret is as it was. Mend what the message names, then ask again.");
    public static readonly RefusalCode RotationUndoTooLate = Add(2060, "The rotation cannot be taken back any more", "The earlier credential is gone, or the application's secret was changed since. Rotate again instead.");

    /// <summary>All codes, by number.</summary>
    public static IReadOnlyList<RefusalCode> All => Codes;

    private static RefusalCode Add(int number, string title, string remedy)
    {
        var code = new RefusalCode($"ST{number}", title, remedy);
        Codes.Add(code);
        return code;
    }
}
