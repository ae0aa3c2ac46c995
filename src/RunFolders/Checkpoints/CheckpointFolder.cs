using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// A run's checkpoints, <c>checkpoint/VERSION.checkpoint</c>: eight bytes of format, the header as
/// JSON with its length before it, the engine's state, and the SHA-256 of all that. Written beside,
/// flushed to the disk and renamed, so that a crash leaves the older ones whole; the newest two are
/// kept.
/// </summary>
/// <param name="runFolder">The run's folder.</param>
public sealed class CheckpointFolder(string runFolder)
{
    private const string Suffix = ".checkpoint";
    private const string Unfinished = Suffix + ".tmp";
    private const int Kept = 2;

    private static readonly byte[] Format = "ORCHCKP2"u8.ToArray();

    private readonly string folder = Path.Combine(runFolder, "checkpoint");

    /// <summary>Writes a checkpoint and removes all but the newest two.</summary>
    /// <exception cref="RecorderException">It cannot be written; the older ones are as they
    /// were.</exception>
    public void Write(CheckpointHeader header, Action<Stream> state)
    {
        var path = PathOf(header.Version);
        try
        {
            Directory.CreateDirectory(folder);
            RegularFile.ThrowIfOther(path + ".tmp");
            using (var file = new FileStream(path + ".tmp", FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                using var hash = SHA256.Create();
                using (var hashing = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
                {
                    var json = JsonSerializer.SerializeToUtf8Bytes(header, ResultsJson.Compact.CheckpointHeader);
                    var length = new byte[4];
                    BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
                    hashing.Write(Format);
                    hashing.Write(length);
                    hashing.Write(json);
                    state(hashing);
                }

                file.Write(hash.Hash!);
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ".tmp", path, overwrite: true);
            foreach (var old in Files().Skip(Kept))
            {
                File.Delete(old);
            }
        }
        catch (Exception failure) when (RecorderException.IsRefusal(failure) && failure is not RecorderException)
        {
            WholeFile.TryDelete(path + ".tmp");
            throw new RecorderException(path, failure);
        }
    }

    /// <summary>
    /// Removes what a process that was killed left half written, and checkpoints beyond the version
    /// that a run goes on from: they are not whole, and would be kept in the place of whole ones.
    /// </summary>
    /// <exception cref="RecorderException">A file cannot be removed.</exception>
    internal void RemoveBeyond(long version)
    {
        try
        {
            var last = PathOf(version);
            foreach (var file in Files().TakeWhile(file => string.CompareOrdinal(file, last) > 0).Concat(Directory.GetFiles(folder, "*" + Unfinished)))
            {
                File.Delete(file);
            }
        }
        catch (Exception failure) when (RecorderException.IsRefusal(failure))
        {
            throw new RecorderException(folder, failure);
        }
    }

    private string PathOf(long version) => Path.Combine(folder, version.ToString("D15", CultureInfo.InvariantCulture) + Suffix);

    /// <summary>
    /// Opens the newest checkpoint that is whole, and whose rows are in the run's folder.
    /// </summary>
    /// <param name="problems">Takes what is wrong with newer ones.</param>
    /// <returns>Header, and a stream at the engine's state that the caller disposes; null where
    /// none is whole.</returns>
    public (CheckpointHeader Header, Stream State)? OpenNewest(ICollection<string> problems)
    {
        foreach (var path in Readable(problems))
        {
            try
            {
                var checkpoint = Open(path);
                if (checkpoint.Header.Position.Misfit(runFolder) is not { } misfit)
                {
                    return checkpoint;
                }

                checkpoint.State.Dispose();
                problems.Add($"{path}: the record does not fit it, the one before is tried: {misfit}");
            }
            catch (Exception failure) when (failure is InvalidDataException or IOException or JsonException or UnauthorizedAccessException)
            {
                problems.Add($"{path}: not a whole checkpoint, the one before is tried: {failure.Message}");
            }
        }

        return null;
    }

    private static (CheckpointHeader Header, Stream State) Open(string path)
    {
        using var file = RegularFile.Open(path);
        var bytes = file.Length - SHA256.HashSizeInBytes;
        if (bytes < Format.Length + sizeof(int))
        {
            throw new InvalidDataException($"it has only {file.Length} bytes");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (var left = bytes; left > 0;)
        {
            var read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
            {
                throw new EndOfStreamException("it ends early");
            }

            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        var stored = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(stored);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(stored))
        {
            throw new InvalidDataException("its checksum is wrong");
        }

        var state = RegularFile.Open(path, 1 << 16);
        try
        {
            return (ReadHeader(state), state);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private static CheckpointHeader ReadHeader(Stream state)
    {
        var start = new byte[Format.Length + sizeof(int)];
        state.ReadExactly(start);
        if (!start.AsSpan(0, Format.Length).SequenceEqual(Format))
        {
            throw new InvalidDataException("it was written in another format");
        }

        var json = new byte[Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(Format.Length)), 0, 1 << 24)];
        state.ReadExactly(json);
        return JsonSerializer.Deserialize(json, ResultsJson.Compact.CheckpointHeader) is { Position: { Updates: not null, Evaluations: not null, Events: not null, Digest: not null } } header
            ? header
            : throw new JsonException("the header has no position");
    }

    private string[] Readable(ICollection<string> problems)
    {
        try
        {
            return [.. Files()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{folder}: cannot be read: {failure.Message}");
            return [];
        }
    }

    // Newest first.
    private IEnumerable<string> Files() => Directory.Exists(folder)
        ? Directory.GetFiles(folder, "*" + Suffix).OrderDescending(StringComparer.Ordinal)
        : [];
}
