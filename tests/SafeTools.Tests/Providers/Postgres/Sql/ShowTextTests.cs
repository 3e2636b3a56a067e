using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Sql;

public sealed class ShowTextTests
{
    [Theory]
    [InlineData("show server_version", "SHOW server_version")]
    [InlineData("SHOW TimeZone;", "SHOW timezone")]
    [InlineData("show time zone", "SHOW timezone")]
    [InlineData("show transaction isolation level", "SHOW transaction_isolation")]
    [InlineData("show \"search_path\"", "SHOW search_path")]
    public void Read_HarmlessSetting_IsShown(string sql, string run)
    {
        TextCaps.TryRead(sql, out var read, out _).Should().BeTrue();
        read!.Run.Should().Be(run);
        read.Kind.Should().Be(ReadKind.Show);
    }

    [Theory]
    [InlineData("show all")]
    [InlineData("show data_directory")]
    [InlineData("show hba_file")]
    [InlineData("show primary_conninfo")]
    [InlineData("show myapp.secret")]
    [InlineData("show session authorization")]
    [InlineData("show")]
    [InlineData("show server_version, timezone")]
    public void Read_AnyOther_Refuses(string sql)
    {
        TextCaps.TryRead(sql, out _, out var refusal).Should().BeFalse();
        refusal!.Code.Should().Be(RefusalCatalog.NotARead);
    }
}
