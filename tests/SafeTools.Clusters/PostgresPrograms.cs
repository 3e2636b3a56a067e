namespace SafeTools.Clusters;

/// <summary>Where Debian puts PostgreSQL 15.</summary>
internal static class PostgresPrograms
{
    private const string Folder = "/usr/lib/postgresql/15/bin";

    public static string Path(string name)
    {
        var path = System.IO.Path.Combine(Folder, name);
        return File.Exists(path) ? path : throw new ClusterException($"{path} is not there. ./test.sh installs it, or: apt-get install postgresql-15");
    }
}
