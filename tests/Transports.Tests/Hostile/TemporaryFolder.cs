namespace Orchestrator.Transports.Tests;

/// <summary>A folder of the test's own, removed afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("orchestrator-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
