using System.Diagnostics;
using System.Reflection;
using Orchestrator.Launchers.Tests;

[assembly: AssemblyFixture(typeof(OwnSlurm))]

namespace Orchestrator.Launchers.Tests;

/// <summary>
/// A Slurm with two nodes on this machine, started when the first test asks for it, where Debian's
/// packages are installed.
/// </summary>
public sealed class OwnSlurm : IDisposable
{
    private static readonly string Script = Path.Combine(
        typeof(OwnSlurm).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "eng", "slurm.sh");

    private static readonly Lazy<(string? Folder, string? Reason)> Started = new(Start);

    /// <summary>Where it was started; null where there is none.</summary>
    public static string? Folder => Started.Value.Folder;

    /// <summary>Why there is none; null where there is.</summary>
    public static string? Unavailable => Started.Value.Reason;

    public void Dispose()
    {
        if (Started is { IsValueCreated: true, Value.Folder: { } folder })
        {
            Run("stop", folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (string? Folder, string? Reason) Start()
    {
        if (!OperatingSystem.IsLinux())
        {
            return (null, "Slurm is Linux's");
        }

        var folder = Directory.CreateTempSubdirectory("orchestrator-slurm-").FullName;
        var (code, output, error) = Run("start", folder);
        if (code == 0)
        {
            // For the programs of Slurm that launchers start.
            Environment.SetEnvironmentVariable("SLURM_CONF", output.Trim());
            return (folder, null);
        }

        Run("stop", folder);
        Directory.Delete(folder, recursive: true);
        return (null, $"there is no Slurm here: {error.Trim()}");
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        // The daemons keep what they are given open: whoever reads to its end would wait for them.
        var folder = Directory.CreateTempSubdirectory("orchestrator-slurm-said-").FullName;
        var start = new ProcessStartInfo("bash", ["-c", "\"$0\" \"$@\" >\"$SAID/output\" 2>\"$SAID/error\" </dev/null", Script, .. arguments]);
        start.Environment["SAID"] = folder;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        var (output, error) = (File.ReadAllText(Path.Combine(folder, "output")), File.ReadAllText(Path.Combine(folder, "error")));
        Directory.Delete(folder, recursive: true);
        return (process.ExitCode, output, error);
    }
}
