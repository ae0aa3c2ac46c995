using System.Runtime.InteropServices;

namespace Orchestrator.Composition;

/// <summary>
/// Whether nobody but this user (and the system's administrator) can put something into a folder:
/// it and all folders above it are theirs, and nobody else may write there; in a folder where all
/// may make files, such as /tmp, what is made belongs to its maker.
/// </summary>
internal static partial class TrustedFolder
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode OnlyOwn = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int DeepestLink = 20;

    /// <summary>Makes the folder for this user alone where it is missing.</summary>
    /// <param name="folder">A full path.</param>
    /// <returns>Why it cannot be trusted; null where it can.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    public static string? Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            // The user's application data are protected by the profile.
            Directory.CreateDirectory(folder);
            return null;
        }

        for (var missing = folder; !Directory.Exists(missing); missing = Path.GetDirectoryName(missing)!)
        {
            if (Path.GetDirectoryName(missing) is { } above && Directory.Exists(above) && Problem(above, isAbove: true, 0) is { } cause)
            {
                return cause;
            }
        }

        Directory.CreateDirectory(folder, OnlyOwn);
        if (Problem(folder, isAbove: false, 0) is { } problem)
        {
            return problem;
        }

        // Others may read: no harm so far, and none of their business.
        File.SetUnixFileMode(folder, OnlyOwn);
        return null;
    }

    private static string? Problem(string folder, bool isAbove, int links)
    {
        if (links > DeepestLink)
        {
            return $"{folder} is a ring of links";
        }

        var above = Path.GetDirectoryName(folder);
        if (above is not null && Problem(above, isAbove: true, links) is { } further)
        {
            return further;
        }

        var info = new DirectoryInfo(folder);
        if (info.LinkTarget is { } target)
        {
            // Who could change the link has been found out above; what it leads to has folders of
            // its own above it.
            return Problem(Path.GetFullPath(target, above!), isAbove, links + 1);
        }

        var (owner, self) = (Owner(folder), GetEffectiveUser());
        if (owner != self && (owner != 0 || !isAbove))
        {
            return $"{folder} belongs to another user ({owner})";
        }

        var mode = info.UnixFileMode;
        return (mode & OthersWrite) == 0 || (isAbove && mode.HasFlag(UnixFileMode.StickyBit)) ? null : $"others may write to {folder}";
    }

    /// <summary>The numeric user; the systems' own calls, since the framework has none.</summary>
    private static unsafe uint Owner(string path)
    {
        const int largest = 256;
        var found = stackalloc byte[largest];
        if (OperatingSystem.IsLinux())
        {
            const int here = -100, notBehindLinks = 0x100, basic = 0x7ff;
            return StatX(here, path, notBehindLinks, basic, found) == 0 ? *(uint*)(found + 20) : uint.MaxValue;
        }

        // macOS, 64-bit inodes: device 4 bytes, mode 2, links 2, inode 8, owner.
        return LinkStat(path, found) == 0 ? *(uint*)(found + 16) : uint.MaxValue;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, byte* found);

    [LibraryImport("libc", EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int LinkStat(string path, byte* found);
}
