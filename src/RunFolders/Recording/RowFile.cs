using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>A CSV file that grows by whole rows, written 64 KB at a time.</summary>
internal sealed class RowFile : IDisposable
{
    public const int BufferLength = 64 * 1024;

    private readonly byte[] buffer = new byte[BufferLength];
    private readonly SafeFileHandle handle;
    private readonly IncrementalHash content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly string path;
    private long hashed;
    private int used;

    /// <exception cref="RecorderException">The file exists or cannot be made.</exception>
    public RowFile(string folder, string name, IReadOnlyList<string> columns)
    {
        path = Path.Combine(folder, name);
        try
        {
            handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (RecorderException.IsRefusal(e))
        {
            throw new RecorderException(path, e);
        }

        Add(Encoding.UTF8.GetBytes(string.Join(',', columns) + "\n"));
    }

    /// <summary>
    /// Opens a file that an earlier process wrote, cuts it to where it was, and goes on there.
    /// </summary>
    /// <exception cref="RecorderException">The file is not what it was, or cannot be
    /// opened.</exception>
    public RowFile(string folder, string name, FilePosition from)
    {
        path = Path.Combine(folder, name);
        try
        {
            RegularFile.ThrowIfOther(path);
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (from.Misfit(handle, "it", content) is { } misfit)
            {
                handle.Dispose();
                throw new RecorderException(path, misfit);
            }

            RandomAccess.SetLength(handle, from.Length);
        }
        catch (Exception e) when (RecorderException.IsRefusal(e) && e is not RecorderException)
        {
            throw new RecorderException(path, e);
        }

        hashed = Length = from.Length;
    }

    private long Length { get; set; }

    /// <summary>
    /// What was handed to the operating system. Hashed here, not as it is written: a run without
    /// checkpoints needs no hash.
    /// </summary>
    /// <exception cref="RecorderException">The file cannot be read.</exception>
    public FilePosition Position()
    {
        try
        {
            FilePosition.Append(handle, hashed, Length, content);
        }
        catch (Exception e) when (RecorderException.IsRefusal(e))
        {
            throw new RecorderException(path, e);
        }

        hashed = Length;
        return FilePosition.Of(Length, content);
    }

    /// <summary>Room for a row, of which <see cref="Commit"/> tells how long it became.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (buffer.Length - used < bytes)
        {
            Flush();
        }

        return buffer.AsSpan(used);
    }

    public void Commit(int bytes) => used += bytes;

    public void Add(ReadOnlySpan<byte> row)
    {
        if (row.Length > buffer.Length - used)
        {
            Flush();
        }

        if (row.Length > buffer.Length)
        {
            Write(row);
            return;
        }

        row.CopyTo(buffer.AsSpan(used));
        used += row.Length;
    }

    /// <exception cref="RecorderException">The disk is full, the file was removed, or the system
    /// reports an error.</exception>
    public void Flush()
    {
        Write(buffer.AsSpan(0, used));
        used = 0;
    }

    /// <summary>Waits until what was handed over outlives a loss of power.</summary>
    /// <exception cref="RecorderException">The system reports an error.</exception>
    public void FlushToDisk()
    {
        try
        {
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception e) when (RecorderException.IsRefusal(e))
        {
            throw new RecorderException(path, e);
        }
    }

    public void Dispose()
    {
        handle.Dispose();
        content.Dispose();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        try
        {
            RandomAccess.Write(handle, bytes, Length);
        }
        catch (Exception e) when (RecorderException.IsRefusal(e))
        {
            throw new RecorderException(path, e);
        }

        Length += bytes.Length;

        // A removed file takes writes without complaint.
        if (!File.Exists(path))
        {
            throw new RecorderException(path, "it was removed while the run was writing it");
        }
    }
}
