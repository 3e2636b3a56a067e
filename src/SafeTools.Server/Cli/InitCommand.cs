using System.CommandLine;
using System.Text.Json.Nodes;
using SafeTools.Providers.Postgres;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools init</c>: prints what a person reads and runs. Connects to nothing and changes nothing.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var role = new Option<string>("--role") { Description = "the role to make; it may exist", HelpName = "NAME", DefaultValueFactory = _ => "safetools_agent" };
        var database = new Option<string?>("--database") { Description = "run in this database only", HelpName = "NAME" };
        var schema = new Option<string[]>("--schema") { Description = "a schema that the role may read, several by repeating; public where nothing is said", HelpName = "NAME" };
        var environment = new Option<string?>("--environment") { Description = "mark the database as this environment", HelpName = "NAME" };
        var mask = new Option<string[]>("--mask") { Description = "a column that the role may not read, schema.table.column, several by repeating", HelpName = "COLUMN" };
        var postgres = new Command("postgres", "Print the SQL that makes a role which can only read, for psql -f as superuser") { role, database, schema, environment, mask };
        postgres.SetAction(parsed => Print(
            GlobalOptions.Terminal(parsed),
            RoleRequest.Of(
                parsed.GetRequiredValue(role),
                parsed.GetValue(database),
                parsed.GetValue(schema) is { Length: > 0 } schemas ? schemas : ["public"],
                parsed.GetValue(environment),
                parsed.GetValue(mask) ?? [],
                out var fault) is { } request ? RoleScript.Of(request) : null,
            fault));
        return new Command("init", "Print what sets a system up for SafeTools; changes nothing") { postgres, Rotation() };
    }

    private static Command Rotation()
    {
        var service = new Option<string>("--service") { Description = "what the policy calls the application", HelpName = "NAME", Required = true };
        var owner = new Option<string>("--owner-role") { Description = "the role through which the application may do what it may do", HelpName = "ROLE", Required = true };
        var slot = new Option<string[]>("--slot") { Description = "the role that the application logs in as now; repeated: a second one, which takes turns with it", HelpName = "ROLE", Required = true };
        var rotator = new Option<string>("--rotator") { Description = "the role to make that may rotate, and do nothing else", HelpName = "ROLE", Required = true };
        var database = new Option<string?>("--database") { Description = "run in this database only", HelpName = "NAME" };
        var rotation = new Command("rotation", "Print the SQL that lets a role rotate an application's password, for psql -f as superuser") { service, owner, slot, rotator, database };
        rotation.SetAction(parsed => Print(
            GlobalOptions.Terminal(parsed),
            RotationRequest.Of(
                parsed.GetRequiredValue(service),
                parsed.GetRequiredValue(owner),
                parsed.GetRequiredValue(slot),
                parsed.GetRequiredValue(rotator),
                parsed.GetValue(database),
                out var fault) is { } request ? RotationScript.Of(request) : null,
            fault));
        return rotation;
    }

    private static int Print(Terminal terminal, string? text, string fault)
    {
        if (text is null)
        {
            terminal.Complain(fault);
            return ExitCode.Usage;
        }

        if (terminal.Json)
        {
            terminal.Write(new JsonObject { ["sql"] = text });
        }
        else
        {
            terminal.Line(text.TrimEnd('\n'));
        }

        return ExitCode.Done;
    }
}
