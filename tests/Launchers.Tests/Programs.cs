namespace Orchestrator.Launchers.Tests;

internal static class Programs
{
    /// <summary>Whether a program is where a shell would find it.</summary>
    public static bool Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));
}
