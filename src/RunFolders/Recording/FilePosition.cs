using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>How far a file of rows is, and what it holds up to there.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Of these bytes, hexadecimal.</param>
public sealed record FilePosition(long Length, string Sha256)
{
    private const int BufferLength = 1 << 16;

    internal static FilePosition Of(long length, IncrementalHash content) => new(length, Convert.ToHexStringLower(content.GetCurrentHash()));

    /// <summary>Adds a part of a file to a hash.</summary>
    /// <exception cref="IOException">It is shorter, or cannot be read.</exception>
    internal static void Append(SafeFileHandle file, long from, long to, IncrementalHash hash)
    {
        var buffer = new byte[(int)Math.Clamp(to - from, 1, BufferLength)];
        for (var at = from; at < to;)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - at)), at);
            if (read == 0)
            {
                throw new EndOfStreamException("it ends early");
            }

            hash.AppendData(buffer, 0, read);
            at += read;
        }
    }

    /// <summary>Why a file does not begin with what was there; null where it does.</summary>
    internal string? Misfit(string path)
    {
        try
        {
            RegularFile.ThrowIfOther(path);
            using var file = RegularFile.Open(path, bufferSize: 0);
            return Misfit(file.SafeFileHandle, Path.GetFileName(path), hash: null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"{Path.GetFileName(path)} cannot be gone on with: {failure.Message}";
        }
    }

    /// <summary>As above, of an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">As it is called in the answer.</param>
    /// <param name="hash">Takes the content; null where nobody goes on from it.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal string? Misfit(SafeFileHandle file, string name, IncrementalHash? hash)
    {
        if (RandomAccess.GetLength(file) is var length && length < Length)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{name} has {length} of the {Length} bytes that it had at the checkpoint");
        }

        using var own = hash is null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        Append(file, 0, Length, hash ?? own!);
        return Of(Length, hash ?? own!).Sha256 == Sha256 ? null : $"{name} is not what it was at the checkpoint";
    }
}
