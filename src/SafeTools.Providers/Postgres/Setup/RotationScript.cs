using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// The SQL that lets one role give an application's login roles new passwords, and do nothing else, whole, for a person to read and to run with psql.
/// What differs from run to run stands at its beginning and in plain statements; the blocks below are the same for everybody.
/// </summary>
internal static class RotationScript
{
    /// <summary>The schema of the functions.</summary>
    public const string Schema = "safetools_rotation";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(RotationRequest request) =>
        $"""
        -- SafeTools: lets {Identifier(request.Rotator)} give the application {request.Service} new passwords, and do nothing else.
        -- Read it, then run it as a superuser in the database of the application:  psql -d DATABASE -f FILE
        -- All of it happens or nothing does. Running it again changes no password; it takes the slots' passwords as they are then,
        -- which is the way out where something else changed one.
        \set ON_ERROR_STOP on
        BEGIN;
        SET LOCAL client_min_messages = warning;
        SET LOCAL standard_conforming_strings = on;
        SET LOCAL search_path = '';

        -- What it is about; the blocks below go by it.
        SET LOCAL safetools.service = {Literal(request.Service)};
        SET LOCAL safetools.owner_role = {Literal(request.OwnerRole)};
        SET LOCAL safetools.slots = {Literal(new JsonArray([.. request.Slots.Select(slot => JsonValue.Create(slot))]).ToJsonString(Readable))};
        SET LOCAL safetools.rotator = {Literal(request.Rotator)};
        SET LOCAL safetools.database = {Literal(request.Database ?? "")};

        {RotationBlocks.Checks}

        {RotationBlocks.Place}

        {RotationBlocks.Roles}

        {RotationFunctions.State}

        {RotationFunctions.SetVerifier}

        {RotationFunctions.Retire}

        {RotationFunctions.EndSessions}

        {RotationBlocks.Grants}

        COMMIT;

        -- Now give the rotating role a password; psql asks for it, and it stands in no file:  \password {Identifier(request.Rotator)}
        -- Then: safetools doctor

        """;

    private static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
