using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// The SQL that makes a role which the proof accepts, whole, for a person to read and to run with psql. What differs from run to run stands at its
/// beginning and in plain statements; the blocks below are the same for everybody.
/// </summary>
internal static class RoleScript
{
    /// <summary>The role that keeps, for everybody else, what is taken from PUBLIC.</summary>
    public const string Others = "safetools_others";

    /// <summary>The schema of the masking views.</summary>
    public const string Views = "safetools";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(RoleRequest request)
    {
        var role = Identifier(request.Role);
        var text = new StringBuilder();
        text.Append(
            $"""
            -- SafeTools: makes {role} a role that can read and do nothing else, as safetools doctor proves it.
            -- Read it, then run it in the database that the tools read, as a superuser:  psql -d DATABASE -f FILE
            -- Where nobody is one, as the owner of the tables who may also make roles; what is the provider's own stays, and warnings say so.
            -- All of it happens or nothing does. Running it again changes nothing, and takes in tables that were made since.
            \set ON_ERROR_STOP on
            BEGIN;
            SET LOCAL client_min_messages = warning;
            SET LOCAL standard_conforming_strings = on;
            SET LOCAL search_path = '';

            -- What it is about; the blocks below go by it.
            SET LOCAL safetools.role = {Literal(request.Role)};
            SET LOCAL safetools.database = {Literal(request.Database ?? "")};
            SET LOCAL safetools.schemas = {Literal(Json(request.Schemas.Select(schema => (JsonNode?)JsonValue.Create(schema))))};
            SET LOCAL safetools.masked = {Literal(Json(request.Masked.Select(column => new JsonArray(column.Schema, column.Table, column.Column))))};
            SET LOCAL safetools.environment = {Literal(request.Environment ?? "")};

            {RoleBlocks.Checks}

            {RoleBlocks.Role}

            -- It inherits nothing and has 20 connections at most. Its settings keep a forgotten query short; a session can change them, and the proof relies on none.
            ALTER ROLE {role} LOGIN NOINHERIT CONNECTION LIMIT 20;
            ALTER ROLE {role} SET default_transaction_read_only = on;
            ALTER ROLE {role} SET statement_timeout = '30s';
            ALTER ROLE {role} SET lock_timeout = '2s';
            ALTER ROLE {role} SET idle_in_transaction_session_timeout = '60s';
            ALTER ROLE {role} SET search_path = {string.Join(", ", request.Schemas.Select(Identifier))};

            {RoleBlocks.TemporaryFiles}

            {RoleBlocks.EverybodyElse}

            {RoleBlocks.Reading}
            """);
        if (request.Masked.Count > 0)
        {
            text.Append("\n\n").Append(RoleBlocks.MaskingViews);
        }

        text.Append("\n\n").Append(PublicBlocks.Places).Append("\n\n").Append(PublicBlocks.Functions).Append("\n\n");
        text.Append(request.Environment is null
            ? $"""
              -- No environment was named, so the database counts as production. To mark it: safetools init postgres --environment NAME,
              -- or COMMENT ON DATABASE with a line of its own that says {EnvironmentMarker.Prefix}NAME
              """
            : RoleBlocks.Marker);
        return text.Append(
            $"""


            COMMIT;

            -- Now give it a password; psql asks for it, and it stands in no file:  \password {role}
            -- Then: safetools doctor

            """).ToString();
    }

    private static string Json(IEnumerable<JsonNode?> values) => new JsonArray([.. values]).ToJsonString(Readable);

    private static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
