using System.Net.Sockets;
using System.Text;
using Npgsql;
using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Faults;

public sealed class ServerFaultTests
{
    private const string Canary = "CANARY_7f3a";

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(2.5);

    public static TheoryData<string, string> States => new()
    {
        { "57014", "ST1504" }, { "25P03", "ST1504" }, { "55P03", "ST1503" }, { "40001", "ST1503" }, { "40P01", "ST1503" }, { "42501", "ST1606" },
        { "42601", "ST1603" }, { "42P01", "ST1603" }, { "42703", "ST1603" }, { "42883", "ST1603" }, { "42704", "ST1603" }, { "3F000", "ST1603" },
        { "42P02", "ST1603" }, { "42702", "ST1603" }, { "42725", "ST1603" }, { "42803", "ST1603" }, { "42804", "ST1603" }, { "42846", "ST1603" },
        { "42P18", "ST1603" }, { "42P20", "ST1603" }, { "42XYZ", "ST1603" }, { "0A000", "ST1603" }, { "55000", "ST1603" }, { "26000", "ST1603" },
        { "22012", "ST1607" }, { "22003", "ST1607" }, { "22P02", "ST1607" }, { "2201B", "ST1607" }, { "22XYZ", "ST1607" }, { "21000", "ST1607" }, { "22021", "ST1607" },
        { "P0001", "ST1607" }, { "38000", "ST1607" }, { "2F003", "ST1607" },
        { "25006", "ST1602" }, { "25001", "ST1602" }, { "23505", "ST1602" }, { "2D000", "ST1602" }, { "44000", "ST1602" }, { "2BP01", "ST1602" },
        { "53400", "ST1604" }, { "53200", "ST1604" }, { "54001", "ST1604" }, { "54011", "ST1604" }, { "54000", "ST1604" }, { "54023", "ST1604" },
        { "53100", "ST1503" }, { "53300", "ST1503" }, { "57P01", "ST1503" }, { "57P02", "ST1503" }, { "57P03", "ST1503" }, { "57P05", "ST1503" }, { "3D000", "ST1503" },
        { "58030", "ST1503" }, { "XX000", "ST1503" }, { "XX001", "ST1503" }, { "HV000", "ST1503" }, { "08006", "ST1503" }, { "25P02", "ST1503" }, { "72000", "ST1503" },
        { "99999", "ST1503" }, { "", "ST1503" }, { "4", "ST1503" }, { "28P01", "ST1508" }, { "28000", "ST1508" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Of_State_IsTheRefusalThatFits(string state, string code) => ServerFault.Of(Server(state), "select 1", Time).Code.Id.Should().Be(code);

    [Theory]
    [MemberData(nameof(States))]
    public void Of_AnyState_PassesNothingOnThatTheServerSaid(string state, string code)
    {
        var refusal = ServerFault.Of(Server(state, position: 8), "select something", Time);
        refusal.Code.Id.Should().Be(code);
        refusal.Message.Should().NotContain(Canary).And.EndWith(".");
    }

    [Fact]
    public void Of_SeveralStatements_IsNotOneStatement() =>
        ServerFault.Of(Server("42601", routine: "exec_parse_message"), "select 1; select 2", Time).Code.Should().Be(RefusalCatalog.NotOneStatement);

    [Theory]
    [InlineData("42501", "ST1508")]
    [InlineData("55000", "ST1503")]
    [InlineData("57014", "ST1504")]
    public void Of_StateThatEndsTheSession_IsAboutTheConnection(string state, string code) =>
        ServerFault.Of(Server(state, severity: "FATAL"), "select 1", Time).Code.Id.Should().Be(code);

    [Fact]
    public void Of_Timeout_SaysHowLong() => ServerFault.Of(Server("57014"), "select 1", Time).Message.Should().Be("The statement was stopped after 2.5 s.");

    [Theory]
    [InlineData("select * from orders", 15, "relation \"orders\" does not exist", "There is no such table or view near \"orders\" (character 15).")]
    [InlineData("select * from \"Orders\"", 15, "relation \"Orders\" does not exist", "There is no such table or view near \"Orders\" (character 15).")]
    [InlineData("select '🌍', x from ORDERS", 20, "relation \"orders\" does not exist", "There is no such table or view near \"ORDERS\" (character 20).")]
    [InlineData("select * from orders", 15, "relation \"" + Canary + "\" does not exist", "There is no such table or view (character 15).")]
    [InlineData("select * from orders", 17, "relation \"orders\" does not exist", "There is no such table or view (character 17).")]
    [InlineData("select * from shop.orders", 15, "relation \"shop.orders\" does not exist", "There is no such table or view near \"shop.orders\" (character 15).")]
    [InlineData("select * from shop.orders", 15, "schema \"shop\" does not exist", "There is no such table or view near \"shop\" (character 15).")]
    [InlineData("select * from orders", 0, "relation \"orders\" does not exist", "There is no such table or view.")]
    [InlineData("select * from orders", 900, "relation \"orders\" does not exist", "There is no such table or view (character 900).")]
    [InlineData("select * from ört", 15, "relation \"ört\" does not exist", "There is no such table or view (character 15).")]
    [InlineData("select * from a$b", 15, "relation \"a$b\" does not exist", "There is no such table or view (character 15).")]
    [InlineData("select * from \"a\u202Eb\"", 15, "relation \"a\u202Eb\" does not exist", "There is no such table or view (character 15).")]
    [InlineData("select * from a1234567890123456789012345678901234567890123456789012345678901234", 15, "a1234567890123456789012345678901234567890123456789012345678901234", "There is no such table or view (character 15).")]
    public void Of_MissingName_ShowsOnlyWhatTheAgentWroteThere(string sql, int position, string said, string words) =>
        ServerFault.Of(Server("42P01", position: position, message: said), sql, Time).Message.Should().Be(words);

    [Theory]
    [MemberData(nameof(Outages))]
    public void Of_Outage_IsUnavailableAndEndsTheSession(Exception fault)
    {
        ServerFault.Knows(fault).Should().BeTrue();
        ServerFault.EndsSession(fault).Should().BeTrue();
        var refusal = ServerFault.Of(fault, "select 1", Time);
        refusal.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
        refusal.Message.Should().NotContain(Canary);
    }

    public static TheoryData<Exception> Outages =>
    [
        new NpgsqlException(Canary), new NpgsqlException(Canary, new TimeoutException(Canary)), new IOException(Canary), new EndOfStreamException(Canary),
        new SocketException(111), new TimeoutException(Canary), new System.Security.Authentication.AuthenticationException(Canary), new DecoderFallbackException(Canary),
    ];

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "Nothing answers at the server's address and port.")]
    [InlineData(SocketError.HostNotFound, "The name of the server's host is not known.")]
    [InlineData(SocketError.ConnectionReset, "The server cannot be reached, or the connection to it broke.")]
    public void Of_FaultOnTheWay_SaysWhich(SocketError error, string words) =>
        ServerFault.Of(new NpgsqlException(Canary, new SocketException((int)error)), "", Time).Message.Should().Be(words);

    [Fact]
    public void Of_CertificateOrPatience_SaysWhich()
    {
        ServerFault.Of(new NpgsqlException(Canary, new System.Security.Authentication.AuthenticationException(Canary)), "", Time).Message.Should().Be("The server's certificate could not be verified.");
        ServerFault.Of(new NpgsqlException(Canary, new TimeoutException(Canary)), "", Time).Message.Should().Be("The server did not answer in time.");
    }

    [Fact]
    public void Of_BugOfOurs_IsAFaultAndNotKnown()
    {
        ServerFault.Knows(new InvalidOperationException(Canary)).Should().BeFalse();
        var refusal = ServerFault.Of(new InvalidOperationException(Canary), "select 1", Time);
        refusal.Code.Should().Be(RefusalCatalog.InternalFault);
        refusal.Message.Should().NotContain(Canary);
    }

    [Theory]
    [InlineData("ERROR", false)]
    [InlineData("FATAL", true)]
    [InlineData("PANIC", true)]
    public void EndsSession_Severity_Decides(string severity, bool ends) => ServerFault.EndsSession(Server("57P01", severity: severity)).Should().Be(ends);

    private static PostgresException Server(string state, int position = 0, string? routine = null, string severity = "ERROR", string message = Canary) => new(
        message, severity, severity, state, Canary, Canary, position, position, Canary, Canary, Canary, Canary, Canary, Canary, Canary, Canary, "1", routine ?? Canary);
}
