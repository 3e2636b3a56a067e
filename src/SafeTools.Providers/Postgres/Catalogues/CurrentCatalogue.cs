using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>The allow list as it was last read, and the verdicts reached by it. Both are good only while the catalogue's stamp stays the same.</summary>
internal sealed class CurrentCatalogue(IReadOnlyList<MaskedColumn> masked) : IDisposable
{
    private const int MostVerdicts = 1000;

    /// <summary>Of one tree, in characters. Read, it takes some twenty times that memory.</summary>
    private const int LongestTree = 4 * 1024 * 1024;

    private readonly SemaphoreSlim _reading = new(1, 1);
    private Read? _read;

    /// <summary>The stamp that it was read at; null before.</summary>
    public string? Stamp => Volatile.Read(ref _read)?.Catalogue.Stamp;

    /// <summary>Types of users, for the columns of answers; empty before it was first read.</summary>
    public IReadOnlyDictionary<uint, CatalogType> ResultTypes => Volatile.Read(ref _read)?.Catalogue.ResultTypes ?? FrozenDictionary<uint, CatalogType>.Empty;

    /// <summary>The allow list for a stamp that was read just now on this session; read anew where it is of another.</summary>
    /// <exception cref="NpgsqlException">The server did not answer.</exception>
    public async Task<Catalogue> At(string stamp, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _read) is { } current && current.Catalogue.Stamp == stamp)
            return current.Catalogue;
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_read is { } meanwhile && meanwhile.Catalogue.Stamp == stamp)
                return meanwhile.Catalogue;
            var catalogue = await CatalogueReader.Read(connection, masked, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _read, new Read(catalogue));
            return catalogue;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>What a tree comes to. The same tree names the same objects, so while the catalogue stays the same it comes to the same.</summary>
    public TreeVerdict Judge(string tree, Catalogue catalogue, bool signed)
    {
        if (tree.Length > LongestTree)
            return new TreeVerdict(RefusalCatalog.StatementTooCostly.Because("The server's analysis of the statement is too large."));
        var read = Volatile.Read(ref _read);
        if (read?.Catalogue != catalogue)
            return JudgeAnew(tree, catalogue, signed);
        if (read.Verdicts.Count > MostVerdicts)
            read.Verdicts.Clear();
        return read.Verdicts.GetOrAdd((Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(tree))), signed), _ => JudgeAnew(tree, catalogue, signed));
    }

    public void Dispose() => _reading.Dispose();

    private static TreeVerdict JudgeAnew(string tree, Catalogue catalogue, bool signed)
    {
        try
        {
            return TreeJudge.Judge(TreeText.Read(tree), catalogue, signed);
        }
        catch (TreeTooDeepException)
        {
            return new TreeVerdict(RefusalCatalog.StatementTooCostly.Because("The statement nests expressions too deep."));
        }
        catch (FormatException)
        {
            return new TreeVerdict(RefusalCatalog.ServerNotUnderstood.Because("The server's analysis of the statement has a form that is not known here."));
        }
    }

    private sealed record Read(Catalogue Catalogue)
    {
        public ConcurrentDictionary<(string Tree, bool Signed), TreeVerdict> Verdicts { get; } = new();
    }
}
