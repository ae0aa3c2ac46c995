using System.Net.NetworkInformation;

namespace Orchestrator.Transports;

/// <summary>
/// Where servers on this machine leave their tokens for this user's worker hosts, one file per
/// port.
/// </summary>
internal static class TokenPlace
{
    private const string Suffix = ".token";

    private static string Folder
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            return Path.Combine(home.Length > 0 ? home : Path.Combine(Path.GetTempPath(), "." + Environment.UserName), "orchestrator", "tokens");
        }
    }

    public static string Of(int port) => Path.Combine(Folder, port + Suffix);

    /// <summary>
    /// Makes the folder, for its owner alone, and removes what servers left that were killed:
    /// nobody listens at their ports.
    /// </summary>
    public static void Prepare()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder);
        }
        else
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var alive = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(point => point.Port).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(Folder, "*" + Suffix))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(file), out var port) && !alive.Contains(port))
            {
                File.Delete(file);
            }
        }
    }
}
