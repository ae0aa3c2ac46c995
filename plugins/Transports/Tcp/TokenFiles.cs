using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// Where servers leave their tokens for this user's worker hosts: one file per machine and port,
/// for machines may share the user's home. The server that wrote one keeps a lock beside it open,
/// so that what a killed server left can be told from the token of a run that is alive.
/// </summary>
internal static class TokenFiles
{
    private const string Suffix = ".token";
    private const string LockSuffix = ".lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.5);

    private static string Folder
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            return Path.Combine(home.Length > 0 ? home : Path.Combine(Path.GetTempPath(), "." + Environment.UserName), "orchestrator", "tokens");
        }
    }

    private static string Prefix => Environment.MachineName + "-";

    /// <summary>Where the token of a server on this machine lies.</summary>
    public static string Of(int port) => Path.Combine(Folder, Prefix + port.ToString(CultureInfo.InvariantCulture) + Suffix);

    /// <summary>
    /// Takes the place of a port's token for a new server, and removes what killed servers of this
    /// machine left.
    /// </summary>
    /// <returns>The lock, which the server keeps open while it lives.</returns>
    /// <exception cref="TransportException">Another server that is alive has it.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static FileStream Claim(int port)
    {
        MakeFolder();
        var own = Of(port) + LockSuffix;
        foreach (var left in Directory.EnumerateFiles(Folder, Prefix + "*" + Suffix + LockSuffix).Where(file => file != own))
        {
            // Nobody lives who holds it.
            if (TryLock(left) is { } held)
            {
                Remove(held, left[..^LockSuffix.Length]);
            }
        }

        // A file is there before it is locked, and each server that begins looks at all: ours may be in
        // other hands for a moment.
        FileStream? lasting = null;
        SpinWait.SpinUntil(() => (lasting = TryLock(own)) is not null, Moment);
        return lasting ?? (File.Exists(own) ? null : Lock(own))
            ?? throw new TransportException($"{Of(port)}: this is the token of another run of yours that is alive, at the same port of a machine of the same name; name another file with --token-file.");
    }

    /// <summary>Removes a token and its lock, which is given up.</summary>
    public static void Remove(FileStream held, string tokenFile)
    {
        Delete(tokenFile);
        Delete(held.Name);
        held.Dispose();
    }

    /// <summary>
    /// Removes a file if it can be: nothing rests on it any more, and whoever cleans up may have taken
    /// the folder.
    /// </summary>
    public static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // It is in nobody's way.
        }
    }

    private static FileStream? TryLock(string file)
    {
        try
        {
            return Lock(file);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static FileStream Lock(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(file, options);
    }

    private static void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder);
        }
        else
        {
            Directory.CreateDirectory(Folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
