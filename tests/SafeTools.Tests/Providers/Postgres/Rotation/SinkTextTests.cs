using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Rotation;

public sealed class SinkTextTests
{
    [Theory]
    [InlineData("postgres://a:b@h/d", "postgres://new%40:p%3A%2F@h/d")]
    [InlineData("postgresql://a:p%40ss%2Fw%3F%23@h1:5433,[::1]:5432/d%20b?sslmode=require&application_name=x%40y", "postgresql://new%40:p%3A%2F@h1:5433,[::1]:5432/d%20b?sslmode=require&application_name=x%40y")]
    [InlineData("postgres://a@h/d?application_name=c@d/e", "postgres://new%40:p%3A%2F@h/d?application_name=c@d/e")]
    [InlineData("postgres://a:b@c@h/d", "postgres://new%40:p%3A%2F@h/d")]
    public void With_ConnectionString_ReplacesUserAndPasswordAlone(string sink, string expected)
    {
        var changed = SinkText.With(new Secret(sink), "new@", new Secret("p:/"));
        changed.Reveal().Should().Be(expected);
        var target = ConnectionText.Parse(changed, out _)!;
        (target.User, target.Password!.Reveal()).Should().Be(("new@", "p:/"));
    }
}
