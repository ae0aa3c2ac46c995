using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Composition;

/// <summary>
/// Copies of plugin folders, keyed by content, so that the originals can be replaced while a host runs. A copy appears by one rename, complete or not
/// at all, so hosts that start at the same time do not disturb each other.
/// </summary>
/// <param name="place">Where copies are kept; null for the user's cache.</param>
internal sealed class ShadowCopies(string? place)
{
    private const string FolderName = "orchestrator";

    private readonly Lazy<string> cache = new(() => Cache(place ?? UserCache()));

    /// <summary>The copy of a folder as it is now.</summary>
    /// <exception cref="IOException">It cannot be read, or there is no place for a copy.</exception>
    public string Of(string folder)
    {
        var key = Key(folder);
        var copy = Path.Combine(cache.Value, key);
        if (IsComplete(folder, copy))
        {
            CopyAges.Touch(copy);
            return copy;
        }

        CopyAges.RemoveOld(cache.Value);

        var fresh = Path.Combine(cache.Value, $"{key}.{Guid.NewGuid():n}");
        Copy(folder, fresh);
        copy = Path.Combine(cache.Value, Key(fresh)); // A file may have been replaced since it was hashed.
        try
        {
            Directory.Move(fresh, copy);
            return copy;
        }
        catch (IOException) when (IsComplete(fresh, copy))
        {
            // Another host was first; its copy has the same content.
            Directory.Delete(fresh, recursive: true);
            return copy;
        }
        catch (IOException)
        {
            // What stands there was damaged from outside and may be in use: this host keeps its own copy.
            return fresh;
        }
    }

    private static string Key(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[8];
        foreach (var file in FolderFiles.In(folder))
        {
            using var stream = new FileStream(Path.Combine(folder, file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            BinaryPrimitives.WriteInt64LittleEndian(length, file.Length);
            hash.AppendData(length);
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash().AsSpan(0, 16));
    }

    private static void Copy(string folder, string target)
    {
        foreach (var file in FolderFiles.In(folder))
        {
            var path = Path.Combine(target, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(Path.Combine(folder, file), path);
        }
    }

    private static bool IsComplete(string folder, string copy) =>
        Directory.Exists(copy) && FolderFiles.In(folder).All(f =>
            new FileInfo(Path.Combine(copy, f)) is { Exists: true } file && file.Length == new FileInfo(Path.Combine(folder, f)).Length);

    private static string UserCache()
    {
        var home = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set)
                ? set
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(home, FolderName, "plugins");
    }

    private static string Cache(string folder)
    {
        try
        {
            if (Path.IsPathRooted(folder))
            {
                return Writable(folder);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A read-only home is ordinary in containers; the copies then live as long as the process.
        }

        var temporary = Directory.CreateTempSubdirectory(FolderName + "-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(temporary);
        return temporary;
    }

    private static string Writable(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        using (new FileStream(Path.Combine(folder, $".{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
        {
            return folder;
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The process is ending and the folder is the system's to clean up.
        }
    }
}
