using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>The beginning of values as the server sends them, in memory that is used again for each.</summary>
internal sealed class ColumnBytes
{
    private byte[] _bytes = new byte[1024];

    /// <summary>How long the whole value is, in bytes.</summary>
    public long Total { get; private set; }

    /// <summary>As much of it as was asked for; valid until the next value is read.</summary>
    public ReadOnlySpan<byte> First => _bytes.AsSpan(0, Length);

    public bool Whole => Length == Total;

    private int Length { get; set; }

    /// <summary>
    /// False for null. The stream is left open on purpose: what was not read is skipped by the reader when it goes on to another value,
    /// and never where nobody asks for one.
    /// </summary>
    public async Task<bool> Read(NpgsqlDataReader reader, int ordinal, int most, CancellationToken cancellationToken)
    {
        var isNull = await reader.IsDBNullAsync(ordinal, cancellationToken).ConfigureAwait(false);
        // Npgsql forgets a cancellation that comes while a value is already here: nothing waits that it could end, and it takes no second one.
        cancellationToken.ThrowIfCancellationRequested();
        if (isNull)
            return false;
        var stream = await reader.GetFieldValueAsync<Stream>(ordinal, cancellationToken).ConfigureAwait(false);
        Total = stream.Length;
        Length = (int)Math.Min(Total, most);
        if (_bytes.Length < Length)
            _bytes = new byte[Length];
        await stream.ReadExactlyAsync(_bytes.AsMemory(0, Length), cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return true;
    }
}
