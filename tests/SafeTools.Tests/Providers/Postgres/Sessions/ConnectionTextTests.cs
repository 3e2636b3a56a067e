using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Sessions;

public sealed class ConnectionTextTests
{
    private const string Canary = "CANARY_7f3a";

    [Theory]
    [InlineData("postgres://u:p%40ss%2Fw%3Fr%23d%2520%3A@h/d", "p@ss/w?r#d%20:")]
    [InlineData("postgres://u:p@ss#w:ord@h/d", "p@ss#w:ord")]
    [InlineData("postgresql://u:@h/d", "")]
    public void Parse_PasswordWithSpecialCharacters_IsReadAsWritten(string text, string password)
    {
        var target = ConnectionText.Parse(new Secret(text), out var fault);

        fault.Should().BeNull();
        target!.Password!.Reveal().Should().Be(password);
        (target.User, target.Database, target.Endpoints.Single().Host).Should().Be(("u", "d", "h"));
    }

    [Theory]
    [InlineData("postgres://a:b@%2Fvar%2Frun%2Fpostgresql/d", "/var/run/postgresql:5432", "prefer")]
    [InlineData("postgres://a:b@localhost/d", "localhost:5432", "prefer")]
    [InlineData("postgres://a:b@db1.example:6000,db2.example/d?sslmode=verify-full", "db1.example:6000, db2.example:5432", "verify-full")]
    [InlineData("postgres://a:b@db1.example,127.0.0.1/d", "db1.example:5432, 127.0.0.1:5432", "require, prefer")]
    [InlineData("postgres://a:b@[::1]:7/d?sslmode=allow", "[::1]:7", "prefer")]
    public void Facts_OfATarget_SayWhereItLeadsWithoutThePassword(string text, string hosts, string mode) =>
        ConnectionText.Parse(new Secret(text), out _)!.Facts().Select(fact => ((FactValue.Text)fact.Value).Value).Should().Equal(hosts, "d", "a", mode);

    [Theory]
    [InlineData("")]
    [InlineData(Canary)]
    [InlineData("host=h dbname=d user=u password=" + Canary)]
    [InlineData("'postgres://u:" + Canary + "@h/d'")]
    [InlineData("postgres://u:" + Canary + "@h")]
    [InlineData("postgres://u:" + Canary + "@h/")]
    [InlineData("postgres://u:" + Canary + "@/d")]
    [InlineData("postgres://h/d?password=" + Canary)]
    [InlineData("postgres://u:a/" + Canary + "@h/d")]
    [InlineData("postgres://u:a@b/" + Canary + "@h/d")]
    [InlineData("postgres://u:a@b/" + Canary + "/d")]
    [InlineData("postgres://u:a?" + Canary + "@h/d")]
    [InlineData("postgres://u:p@h:" + Canary + "/d")]
    [InlineData("postgres://u:p@h:0/d")]
    [InlineData("postgres://u:p@h/d?sslmode=" + Canary)]
    [InlineData("postgres://u:p@h/d?options=-c" + Canary)]
    [InlineData("postgres://u:p@h/d?sslmode=require&sslmode=require")]
    public void Parse_WhatIsNone_SaysWhyAndTheFormAndRepeatsNothing(string text)
    {
        ConnectionText.Parse(new Secret(text), out var fault).Should().BeNull();

        fault.Should().StartWith("The connection string ").And.Contain("postgres://user:password@host:port/database").And.Contain("%2F").And.NotContain(Canary);
    }
}
