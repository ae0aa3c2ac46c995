using System.Security.Cryptography;

namespace Orchestrator.RunFolders;

/// <summary>
/// SHA-256 over a sequence of records of one length, in blocks:
/// <c>link = SHA256(previous link || up to 64 records)</c>, from 32 zero bytes. Unlike an
/// incremental hash, what it holds between two records can be written down and taken up again.
/// </summary>
internal sealed class DigestChain(int recordLength)
{
    private const int RecordsPerBlock = 64;

    // The previous link, then the pending records.
    private readonly byte[] block = new byte[SHA256.HashSizeInBytes + (RecordsPerBlock * recordLength)];
    private int used = SHA256.HashSizeInBytes;

    public long Records { get; private set; }

    /// <summary>
    /// Where the next record's bytes go; all of them are to be written before <see cref="Commit"/>.
    /// </summary>
    public Span<byte> Next => block.AsSpan(used, recordLength);

    public void Commit()
    {
        Records++;
        used += recordLength;
        if (used == block.Length)
        {
            SHA256.HashData(block, block.AsSpan(0, SHA256.HashSizeInBytes));
            used = SHA256.HashSizeInBytes;
        }
    }

    /// <summary>The link over all records so far; the chain can go on.</summary>
    public void CopyLink(Span<byte> destination)
    {
        if (used > SHA256.HashSizeInBytes)
        {
            SHA256.HashData(block.AsSpan(0, used), destination);
        }
        else
        {
            block.AsSpan(0, SHA256.HashSizeInBytes).CopyTo(destination);
        }
    }

    public DigestChainState Export() =>
        new(Records, Convert.ToHexStringLower(block.AsSpan(0, SHA256.HashSizeInBytes)), Convert.ToBase64String(block.AsSpan(SHA256.HashSizeInBytes, used - SHA256.HashSizeInBytes)));

    public void Import(DigestChainState state)
    {
        byte[] previous = Convert.FromHexString(state.Previous), pending = Convert.FromBase64String(state.Pending);
        if (previous.Length != SHA256.HashSizeInBytes || pending.Length != state.Records % RecordsPerBlock * recordLength)
        {
            throw new InvalidDataException($"The digest's state does not fit {state.Records} records of {recordLength} bytes: it was written by another version.");
        }

        previous.CopyTo(block, 0);
        pending.CopyTo(block, SHA256.HashSizeInBytes);
        (Records, used) = (state.Records, SHA256.HashSizeInBytes + pending.Length);
    }
}
